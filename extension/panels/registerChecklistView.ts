import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { GivenPage } from '../../webview/protocol/checklistProtocol.ts';
import { type BuiltPage, buildChecklistPage } from './checklistPage.ts';
import { ChecklistPanel } from './checklistPanel.ts';
import type { ChecklistViewParts } from './checklistViewParts.ts';
import { loadChecklistPage } from './loadChecklistPage.ts';

/** Registers the Checklist view, which keeps itself up to date until VS Code takes it away. */
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
  const build = () => buildPage(parts);
  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView: view => {
      const asked = performance.now();
      const given = buildGiven(parts, build());
      loadChecklistPage(view, { ...parts, given });
      new ChecklistPanel(view, { ...parts, build, given, loadReader, asked }).begin();
    },
  };
  return vscode.Disposable.from(vscode.window.registerWebviewViewProvider('slipway.checklist', provider), {
    dispose: parts.checklist.onDidChange(update),
  });
}

async function loadReader() {
  return (await import('./checklistReader.ts')).readChecklistMessage;
}

function buildPage({ checklist, store, words, failureActions }: ChecklistViewParts): BuiltPage {
  return buildChecklistPage({
    checklist: checklist.state,
    store: store.state,
    isTrusted: vscode.workspace.isTrusted,
    words,
    failureActions,
  });
}

/** Gates that nobody has followed since they were read are left out: they may be old. */
function buildGiven({ checklist }: ChecklistViewParts, { page }: BuiltPage): GivenPage | undefined {
  return page.gates && !checklist.isFollowed ? undefined : { id: randomUUID(), page };
}
