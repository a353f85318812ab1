import * as vscode from 'vscode';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import { buildTextPlace } from '../state/documentPaths.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { Words } from '../words.ts';
import type { CommandContext } from './commandContext.ts';
import { pickRepository } from './pickRepository.ts';

/** The most commands a modal shows; the rest is read in a document. */
const shownCommands = 12;

/** Shows the commands that a repository can make Slipway run, and records the person's word for exactly these. */
export async function trustRepository(context: CommandContext, target: ItemTarget): Promise<void> {
  const { daemon, store, words } = context;
  const { t } = words;
  const repository = await pickRepository(context, target);
  if (!repository) {
    return;
  }
  if (repository.trust.state === 'trusted') {
    void vscode.window.showInformationMessage(
      t('{0} is trusted already, with these commands.', repository.name),
    );
    return;
  }
  const lines = buildCommandLines(repository, words);
  const trust = t('Trust');
  const readAll = t('Read All');
  const choice = await vscode.window.showWarningMessage(
    repository.trust.state === 'changed'
      ? t('The commands of {0} changed. Trust them?', repository.name)
      : t('Let Slipway act for {0}?', repository.name),
    { modal: true, detail: buildDetail(lines, words) },
    ...(lines.length > shownCommands ? [trust, readAll] : [trust]),
  );
  if (choice === trust) {
    const changed = await daemon.request('repository.trust', {
      repositoryId: repository.id,
      commandsDigest: repository.trust.commandsDigest,
    });
    store.apply({ type: 'repositoryChanged', repository: changed });
  } else if (choice === readAll) {
    const place = buildTextPlace(t('Commands of {0}', repository.name));
    context.texts.write(place.path, `# ${t('Commands of {0}', repository.name)}\n\n${lines.join('\n')}\n`);
    await vscode.window.showTextDocument(vscode.Uri.from(place));
  }
}

function buildDetail(lines: readonly string[], { t }: Words): string {
  const more = lines.length - shownCommands;
  return [
    t(
      'Slipway then runs helm, kubectl and git for this repository, and these commands that slipway.yaml names:',
    ),
    '',
    ...(lines.length === 0 ? [t('none')] : lines.slice(0, shownCommands)),
    ...(more > 0 ? [t('and {0} more', more)] : []),
    '',
    t('When the list changes, Slipway asks again.'),
  ].join('\n');
}

/** The whole list, or what changed in it since it was trusted. */
function buildCommandLines({ trust }: RepositoryView, { t }: Words): readonly string[] {
  if (trust.state === 'changed') {
    return [
      ...trust.added.map(command => t('+ {0}', command.join(' '))),
      ...trust.removed.map(command => t('- {0}', command.join(' '))),
    ];
  }
  return trust.commands.map(command => `\u2022 ${command.join(' ')}`);
}
