import * as vscode from 'vscode';
import type { ChecklistViewParts } from './checklistViewParts.ts';

/** Registers the Checklist view; its page and schemas are loaded when it is first shown. */
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
      const { openChecklistPanel } = await import('./openChecklistPanel.ts');
      openChecklistPanel(view, { ...parts, asked });
    },
  };
  return vscode.Disposable.from(vscode.window.registerWebviewViewProvider('slipway.checklist', provider), {
    dispose: parts.checklist.onDidChange(update),
  });
}
