import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Params, RequestName, Result } from '../../daemon/protocol/messages.ts';
import { buildSetupFacts, buildWindowFacts } from '../state/diagnosticFacts.ts';
import { buildDiagnosticsText, type DiagnosticPart } from '../state/diagnosticsText.ts';
import { buildTextPlace } from '../state/documentPaths.ts';
import { readFailure } from '../state/readFailure.ts';
import type { CommandContext } from './commandContext.ts';
import { runInView } from './runCancellable.ts';

/** What the daemon has to ask others for may take a while; diagnostics are made of what comes in time. */
const askMs = 20_000;

/**
 * Writes down what helps to find out what is wrong, without secrets, and shows it: only what a person has seen is saved,
 * and where that person says. Nothing is sent. Works without a daemon, and in Restricted Mode.
 */
export async function collectDiagnostics(context: CommandContext): Promise<void> {
  const { t } = context.words;
  const text = await runInView(() => collect(context));
  const place = buildTextPlace(t('Diagnostics'));
  context.texts.write(place.path, text);
  await vscode.window.showTextDocument(vscode.Uri.from(place), { preview: false });
  const save = t('Save...');
  const choice = await vscode.window.showInformationMessage(
    t('This is all that was collected. Read it before you give it to anybody; nothing was sent.'),
    save,
  );
  if (choice === save) {
    await saveText(text, context);
  }
}

async function collect(context: CommandContext): Promise<string> {
  const { words, store, diagnostics } = context;
  const { t } = words;
  const [setup, journal, logs] = await Promise.all([
    ask(context, 'setup.show', {}),
    ask(context, 'journal.verify', {}),
    diagnostics.readLogs(),
  ]);
  const parts: readonly DiagnosticPart[] = [
    { title: t('Versions'), facts: diagnostics.about() },
    { title: t('Settings'), facts: diagnostics.settings() },
    { title: t('Setup'), facts: 'result' in setup ? buildSetupFacts(setup.result) : setup },
    { title: t('Journal'), facts: 'result' in journal ? journal.result : journal },
    { title: t('What the window knows'), facts: buildWindowFacts(store.state) },
    ...logs.map(log => ({ title: t('The end of {0}', log.path.split('/').at(-1) ?? ''), log })),
  ];
  const now = new Date().toISOString();
  const redacted = await ask(context, 'setup.redact', {
    text: buildDiagnosticsText(parts, { words, now, daemonRedacted: true }),
  });
  const text =
    'result' in redacted
      ? redacted.result.text
      : buildDiagnosticsText(parts, { words, now, daemonRedacted: false });
  // Here too: this window may know secrets that the daemon does not.
  return diagnostics.redact(text);
}

type Answer<M extends RequestName> =
  | { readonly result: Result<M> }
  | { readonly problem: string; readonly message?: string };

/** Asks the daemon, where there is one; what it cannot say is no reason to collect nothing. */
async function ask<M extends RequestName>(
  { daemon, store }: CommandContext,
  method: M,
  params: Params<M>,
): Promise<Answer<M>> {
  if (store.state.daemon.state !== 'connected') {
    return { problem: 'disconnected' };
  }
  try {
    return { result: await daemon.request(method, params, { timeoutMs: askMs }) };
  } catch (error) {
    const { code, message } = readFailure(error);
    return { problem: code, message };
  }
}

async function saveText(text: string, { words }: CommandContext): Promise<void> {
  const { t } = words;
  const name = `slipway-diagnostics-${new Date().toISOString().slice(0, 16).replaceAll(':', '-')}.md`;
  const folder = vscode.Uri.file(homedir());
  const target = await vscode.window.showSaveDialog({
    title: t('Save Diagnostics'),
    defaultUri: vscode.Uri.joinPath(folder, name),
    filters: { Markdown: ['md'] },
  });
  if (target) {
    await vscode.workspace.fs.writeFile(target, Buffer.from(text, 'utf8'));
    void vscode.window.showInformationMessage(t('Saved to {0}', target.fsPath));
  }
}
