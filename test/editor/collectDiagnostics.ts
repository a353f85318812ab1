import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { waitUntil } from './extensionUnderTest.ts';

/** Runs the command and reads the document that it shows before anything is saved, once it says what is wanted. */
export async function collectDiagnostics(wanted: RegExp): Promise<string> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  void vscode.commands.executeCommand('slipway.collectDiagnostics');
  return waitUntil(async () => {
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(
      document?.uri.scheme === 'slipway' && document.uri.path === '/Diagnostics.md',
      'it does not show',
    );
    const text = document.getText();
    assert.match(text, wanted);
    return text;
  });
}
