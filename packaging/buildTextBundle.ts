import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorNextSteps } from '../daemon/protocol/errors.ts';
import { connectionSentences } from '../extension/connection/connectionState.ts';
import { collectTexts } from './collectTexts.ts';

/** Where `vscode.l10n` looks for the texts of a language: `bundle.l10n.de.json` beside this one, which is English. */
export const textBundleFile = 'l10n/bundle.l10n.json';

/**
 * Builds the content of the bundle of texts from the sources: every text that is handed to `vscode.l10n`.
 * Throws where a source hands over something that is no literal, so that nobody could translate it.
 */
export function buildTextBundle(root: string): string {
  const sources = readdirSync(join(root, 'extension'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join('extension', name));
  const found = sources.flatMap(file =>
    collectTexts(readFileSync(join(root, file), 'utf8')).map(text => ({ file, ...text })),
  );
  const problems = found.filter(({ problem }) => problem !== undefined);
  if (problems.length > 0) {
    const lines = problems.map(({ file, line, problem }) => `${file}:${line}: ${problem}`);
    throw new Error(`Texts that nobody can translate:\n${lines.join('\n')}`);
  }
  const texts = new Set([...found.map(({ text = '' }) => text), ...listSaidTexts()]);
  return `${JSON.stringify(Object.fromEntries([...texts].sort().map(text => [text, text])), null, 2)}\n`;
}

/** What the daemon and the connection say in whole sentences, for `words.said`. */
function listSaidTexts(): readonly string[] {
  return [...Object.values(errorNextSteps), ...Object.values(connectionSentences)];
}
