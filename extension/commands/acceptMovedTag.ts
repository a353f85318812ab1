import * as vscode from 'vscode';
import { isolateText } from '../isolateText.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { pickRepository } from './pickRepository.ts';
import { pickOne } from './pickStep.ts';

/** Takes a moved tag's new commit as right, with the person's word. */
export async function acceptMovedTag(context: CommandContext, target: ItemTarget): Promise<void> {
  const { daemon, store, words } = context;
  const { t } = words;
  const repository = await pickRepository(context, target);
  if (!repository) {
    return;
  }
  const moved = repository.releases.filter(release => release.movedFrom !== undefined);
  if (moved.length === 0) {
    void vscode.window.showInformationMessage(t('No tag was moved.'));
    return;
  }
  const release =
    moved.find(({ version }) => version === target.release) ??
    (await pickOne({
      title: t('Accept Moved Tag'),
      placeholder: t('Which tag?'),
      items: moved.map(value => ({ label: value.version, detail: value.subject, value })),
    }));
  if (!release) {
    return;
  }
  const accept = t('Accept');
  const choice = await vscode.window.showWarningMessage(
    t('Accept that the tag {0} was moved?', release.tag),
    {
      modal: true,
      detail: t(
        'It pointed to {0} and points to {1} now: "{2}" by {3}. A promotion of {4} would ship the new commit.',
        release.movedFrom ?? '',
        release.commit,
        isolateText(release.subject),
        isolateText(release.author),
        release.version,
      ),
    },
    accept,
  );
  if (choice === accept) {
    const { version, commit } = release;
    const held = await daemon.request('release.acceptMovedTag', {
      repositoryId: repository.id,
      version,
      commit,
    });
    const current = store.state.repositories.get(repository.id);
    if (current) {
      store.apply({ type: 'repositoryChanged', repository: { ...current, ...held } });
    }
    store.apply({ type: 'comparisonsForgotten' });
  }
}
