import * as vscode from 'vscode';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { pickRepository } from './pickRepository.ts';
import { pickOne } from './pickStep.ts';
import { planAndConfirm } from './planAndConfirm.ts';

/** Repairs a Helm release that somebody's helm left in the middle, with the person's word and a plan. */
export async function repairEnvironment(context: CommandContext, target: ItemTarget): Promise<void> {
  const { t, exactTime } = context.words;
  const repository = await pickRepository(context, target);
  if (!repository) {
    return;
  }
  const broken = repository.environments.filter(environment => environment.pendingRevision);
  if (broken.length === 0) {
    void vscode.window.showInformationMessage(t('No Helm release is left in the middle.'));
    return;
  }
  const environment =
    broken.find(({ name }) => name === target.environment) ??
    (broken.length === 1 ? broken[0] : undefined) ??
    (await pickOne({
      title: t('Repair Helm Release'),
      placeholder: t('In which environment?'),
      items: broken.map(value => ({
        label: value.name,
        description: value.pendingRevision?.status ?? '',
        value,
      })),
    }));
  const pending = environment?.pendingRevision;
  if (!environment || !pending) {
    return;
  }
  const make = t('Make the Plan');
  const choice = await vscode.window.showWarningMessage(
    t('Helm\u2019s release {0} in {1} is {2}.', pending.release, environment.name, pending.status),
    {
      modal: true,
      detail: t(
        'A helm that Slipway did not start left revision {0} so at {1}; perhaps it still runs somewhere. Helm refuses every upgrade until that is repaired. Slipway makes a plan first: nothing is changed before you have seen it.',
        pending.revision,
        exactTime(pending.changedAt),
      ),
    },
    make,
  );
  if (choice === make) {
    await planAndConfirm(context, {
      repositoryId: repository.id,
      environment: environment.name,
      kind: 'rollback',
    });
  }
}
