import type { Words } from '../words.ts';

/** The end of a log file. */
export type LogTail = {
  readonly path: string;
  /** Empty where there is no such file. */
  readonly text: string;
};

/** A part of the diagnostics: facts, or why they could not be had. */
export type DiagnosticPart =
  | { readonly title: string; readonly facts: unknown }
  | { readonly title: string; readonly log: LogTail };

/** Writes diagnostics as one document that a person can read before anybody else does. */
export function buildDiagnosticsText(
  parts: readonly DiagnosticPart[],
  {
    words,
    now,
    daemonRedacted,
  }: { readonly words: Words; readonly now: string; readonly daemonRedacted: boolean },
): string {
  const { t } = words;
  const notes = [
    t('Made at {0}. Nothing was sent anywhere.', now),
    t(
      'Secrets are taken out: tokens, passwords, keys. Names of people, environments, contexts and hosts are in it.',
    ),
    daemonRedacted
      ? t('The daemon took out the secrets of its environment and of the kubeconfigs.')
      : t('No daemon answered: the secrets of the kubeconfigs were looked for by their form only.'),
    t('What tools printed, what pods logged and what is in the clusters is not in it.'),
  ];
  return [
    `# ${t('Diagnostics of Slipway')}`,
    '',
    ...notes.map(note => `- ${note}`),
    ...parts.flatMap(part => ['', `## ${part.title}`, '', ...buildPart(part, words)]),
    '',
  ].join('\n');
}

function buildPart(part: DiagnosticPart, { t }: Words): readonly string[] {
  if ('facts' in part) {
    return buildBlock('json', JSON.stringify(part.facts, null, 2) ?? 'null');
  }
  const { path, text } = part.log;
  return text === ''
    ? [path, '', t('There is no such file, or it is empty.')]
    : [path, '', ...buildBlock('', text)];
}

/** A fence longer than any in the text, so that the text cannot end it. */
function buildBlock(language: string, text: string): readonly string[] {
  const longest = Math.max(2, ...[...text.matchAll(/^`{3,}/gm)].map(([fence]) => fence.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text.trimEnd(), fence];
}
