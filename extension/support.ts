import * as vscode from 'vscode';
import type { CommandContext } from './commands/commandContext.ts';
import type { Log } from './log.ts';

/** What helps when something is wrong: the logs, and what diagnostics are made of. */
export function buildSupport(parts: {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly connectionPart: () => Promise<typeof import('./state/openConnection.ts')>;
}): Pick<CommandContext, 'showLog' | 'diagnostics'> {
  const { context, log, connectionPart } = parts;
  const { packageJSON } = context.extension;
  return {
    showLog: () => log.show(async () => (await connectionPart()).findDaemonLog()),
    diagnostics: {
      about: () => ({
        slipway: packageJSON.version,
        editor: `${vscode.env.appName} ${vscode.version}`,
        appHost: vscode.env.appHost,
        remote: vscode.env.remoteName,
        language: vscode.env.language,
        trusted: vscode.workspace.isTrusted,
        system: `${process.platform} ${process.arch}`,
        node: process.version,
      }),
      settings: () => listSettings(Object.keys(packageJSON.contributes.configuration.properties)),
      readLogs: async () => {
        // The name under which the editor keeps this extension's own log.
        const own = vscode.Uri.joinPath(context.logUri, 'Slipway.log').fsPath;
        const { readTail, readDaemonLogs } = await connectionPart();
        return [await readTail(own), ...(await readDaemonLogs())];
      },
      redact: async text => (await connectionPart()).redactText(text),
    },
  };
}

/** The settings that differ from what they are when nobody has set them. */
function listSettings(names: readonly string[]): Readonly<Record<string, unknown>> {
  const settings = vscode.workspace.getConfiguration();
  return Object.fromEntries(
    names.flatMap(name => {
      const { defaultValue } = settings.inspect(name) ?? {};
      const value: unknown = settings.get(name);
      return JSON.stringify(value) === JSON.stringify(defaultValue) ? [] : [[name, value]];
    }),
  );
}
