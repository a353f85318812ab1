import * as vscode from 'vscode';

/**
 * Calls back once the person trusts this workspace, at once where that is so already. Before that nothing may be
 * started: a folder from somewhere must not run anything because it was looked at.
 */
export function whenTrusted(callback: () => void): vscode.Disposable {
  if (vscode.workspace.isTrusted) {
    callback();
    return { dispose: () => {} };
  }
  return vscode.workspace.onDidGrantWorkspaceTrust(callback);
}
