import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { planAndConfirm } from './planAndConfirm.ts';
import { promoteRelease } from './promoteRelease.ts';

/** Makes the plan of a document once more, from the world as it is now. */
export async function planAgain(context: CommandContext, target: ItemTarget): Promise<void> {
  const plan = context.store.state.plans.get(target.planId ?? '');
  if (!plan) {
    await promoteRelease(context, target);
    return;
  }
  const { repositoryId, release } = plan;
  const { environment } = plan.target;
  await planAndConfirm(
    context,
    plan.kind === 'rollback'
      ? { repositoryId, environment, kind: 'rollback' }
      : { repositoryId, environment, kind: 'regular', release: release.version },
  );
}
