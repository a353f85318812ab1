import * as vscode from 'vscode';

/** The extension's own log. */
export type Log = vscode.Disposable & {
  readonly info: (sentence: string) => void;
  readonly error: (error: unknown) => void;
  /** Shows this log, and opens the daemon's log file where there is one. */
  readonly show: (findDaemonLog: () => Promise<string>) => Promise<void>;
};

/** Opens the log channel. */
export function openLog(): Log {
  const channel = vscode.window.createOutputChannel('Slipway', { log: true });
  return {
    info: sentence => channel.info(sentence),
    error: error => channel.error(error instanceof Error ? error : String(error)),
    show: async findDaemonLog => {
      channel.show(true);
      const uri = vscode.Uri.file(await findDaemonLog());
      const there = await vscode.workspace.fs.stat(uri).then(
        () => true,
        () => false,
      );
      if (there) {
        await vscode.window.showTextDocument(uri, { preview: true });
      }
    },
    dispose: () => channel.dispose(),
  };
}
