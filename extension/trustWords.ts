import type { RepositoryView } from '../daemon/protocol/repository.ts';
import type { Translate } from './words.ts';

/** The most commands a modal shows; the rest is read in a document. */
export const shownCommands = 12;

/** What a person lets Slipway do who trusts a repository: its tools, and these commands. */
export function buildTrustDetail(lines: readonly string[], t: Translate): string {
  const more = lines.length - shownCommands;
  return [
    ...(lines.length === 0
      ? [
          t(
            'Slipway then runs helm, kubectl and git for this repository. Its slipway.yaml names no other command.',
          ),
        ]
      : [
          t(
            'Slipway then runs helm, kubectl and git for this repository, and these commands that slipway.yaml names:',
          ),
          '',
          ...lines.slice(0, shownCommands),
          ...(more > 0 ? [t('and {0} more', more)] : []),
        ]),
    '',
    t('When the list changes, Slipway asks again.'),
  ].join('\n');
}

/** The commands that a repository can make Slipway run: all of them, or what changed since they were trusted. */
export function buildTrustLines({ trust }: RepositoryView, t: Translate): readonly string[] {
  if (trust.state === 'changed') {
    return [
      ...trust.added.map(command => t('+ {0}', command.join(' '))),
      ...trust.removed.map(command => t('- {0}', command.join(' '))),
    ];
  }
  return trust.commands.map(command => `\u2022 ${command.join(' ')}`);
}
