import * as vscode from 'vscode';
import type { DaemonFeed } from './state/daemonFeed.ts';

/** Keeps the feed's folders equal to the window's, and looks again when a slipway.yaml or a repository appears. */
export function registerFolders(feed: DaemonFeed): vscode.Disposable {
  const open = () => {
    // In Restricted Mode not even git may look at the folder: its configuration can name programs.
    const folders = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : [];
    feed.openFolders(folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath));
  };
  open();
  const lookAgain = () => void feed.openMissing();
  const procedures = vscode.workspace.createFileSystemWatcher('**/slipway.yaml');
  const repositories = vscode.workspace.createFileSystemWatcher('**/.git/HEAD');
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeWorkspaceFolders(open),
    vscode.workspace.onDidGrantWorkspaceTrust(open),
    procedures,
    procedures.onDidCreate(lookAgain),
    repositories,
    repositories.onDidCreate(lookAgain),
  );
}
