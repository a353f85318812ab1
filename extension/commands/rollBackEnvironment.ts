import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { connectBefore } from './connectEnvironment.ts';
import { pickEnvironment } from './pickEnvironment.ts';
import { pickRepository } from './pickRepository.ts';
import { planAndConfirm } from './planAndConfirm.ts';

/** Brings an environment back to the last revision that was good; Slipway chooses it and shows the plan. */
export async function rollBackEnvironment(context: CommandContext, target: ItemTarget): Promise<void> {
  const { t } = context.words;
  const repository = await pickRepository(context, target);
  if (!repository) {
    return;
  }
  const environment = await pickEnvironment(context, repository, {
    target,
    title: t('Roll Back Environment'),
    placeholder: t('Which environment?'),
  });
  if (environment && (await connectBefore(context, repository, environment))) {
    await planAndConfirm(context, {
      repositoryId: repository.id,
      environment: environment.name,
      kind: 'rollback',
    });
  }
}
