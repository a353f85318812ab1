import * as vscode from 'vscode';
import type { Result } from '../../daemon/protocol/messages.ts';
import { buildTextPlace } from '../state/documentPaths.ts';
import type { Words } from '../words.ts';
import type { CommandContext } from './commandContext.ts';
import { runCancellable } from './runCancellable.ts';

/** Checks the whole journal and says what was found: an edit, a removal, a swap, a cut, and what nothing proves. */
export async function verifyJournal({ daemon, texts, words }: CommandContext): Promise<void> {
  const { t } = words;
  const found = await runCancellable(t('Verifying the journal'), signal =>
    daemon.request('journal.verify', {}, { signal, timeoutMs: 5 * 60_000 }),
  );
  if (!found) {
    return;
  }
  const place = buildTextPlace(t('Journal verification'));
  texts.write(place.path, buildReport(found, words));
  const show = t('Show Findings');
  if (found.ok) {
    const choice = await vscode.window.showInformationMessage(found.message, show);
    if (choice === show) {
      await vscode.window.showTextDocument(vscode.Uri.from(place));
    }
    return;
  }
  await vscode.window.showTextDocument(vscode.Uri.from(place));
  void vscode.window.showErrorMessage(found.message);
}

function buildReport(found: Result<'journal.verify'>, { t }: Words): string {
  const unproven = found.events - found.provenUpTo;
  return [
    `# ${t('Journal verification')}`,
    '',
    found.message,
    '',
    `- ${t('{0} events', found.events)}`,
    `- ${t('Proven by an anchor up to event {0}', found.provenUpTo)}`,
    ...(unproven > 0
      ? [
          `- ${t('The last {0} events come after it: if they were cut off, nothing here would show it.', unproven)}`,
        ]
      : []),
    '',
    `## ${t('Findings')}`,
    '',
    ...(found.findings.length === 0
      ? [t('None.')]
      : found.findings.map(({ problem, sequence, message }) =>
          t('- event {0}: {1}. {2}', sequence, problem, message),
        )),
    '',
  ].join('\n');
}
