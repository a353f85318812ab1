import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { CommandFailure } from './commandFailure.ts';
import { confirmPlan } from './confirmPlan.ts';

/** Starts the plan of a document, after its confirmation. */
export async function startPromotion(context: CommandContext, target: ItemTarget): Promise<void> {
  const { t } = context.words;
  const plan = context.store.state.plans.get(target.planId ?? '');
  if (!plan) {
    throw new CommandFailure(
      'planGone',
      t('There is no plan to start.'),
      t('Start "Slipway: Promote Release..." again.'),
    );
  }
  const promotionId = context.store.state.started.get(plan.id);
  if (promotionId !== undefined) {
    throw new CommandFailure(
      'planStarted',
      t('This plan has been started already.'),
      t('Its timeline says how far it is.'),
      { promotionId },
    );
  }
  await confirmPlan(context, plan);
}
