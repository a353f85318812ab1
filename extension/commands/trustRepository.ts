import * as vscode from 'vscode';
import { buildTextPlace } from '../state/documentPaths.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import { buildTrustDetail, buildTrustLines, shownCommands } from '../trustWords.ts';
import type { CommandContext } from './commandContext.ts';
import { pickRepository } from './pickRepository.ts';

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
  const lines = buildTrustLines(repository, t);
  const trust = t('Trust');
  const readAll = t('Read All');
  const choice = await vscode.window.showWarningMessage(
    repository.trust.state === 'changed'
      ? t('The commands of {0} changed. Trust them?', repository.name)
      : t('Let Slipway act for {0}?', repository.name),
    { modal: true, detail: buildTrustDetail(lines, t) },
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
