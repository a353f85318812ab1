import * as vscode from 'vscode';
import type { ChecklistViewParts } from './checklistViewParts.ts';
import { loadChecklistPage } from './loadChecklistPage.ts';

/** Registers the Checklist view; its page and its schemas are loaded when it is first shown. */
export function registerChecklistView(parts: ChecklistViewParts): vscode.Disposable {
  const key = 'slipway.checklistPinned';
  let known: boolean | undefined;
  const update = () => {
    const { pinned } = parts.checklist.state;
    if (pinned !== known) {
      known = pinned;
      void vscode.commands.executeCommand('setContext', key, pinned);
    }
  };
  update();
  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView: async view => {
      const asked = performance.now();
      loadChecklistPage(view, parts);
      // Meanwhile: what it is to show is sent as soon as it is known, whether the page has asked for it or not.
      const { openChecklistPanel } = await import('./openChecklistPanel.ts');
      openChecklistPanel(view, { ...parts, asked });
    },
  };
  return vscode.Disposable.from(vscode.window.registerWebviewViewProvider('slipway.checklist', provider), {
    dispose: parts.checklist.onDidChange(update),
  });
}
