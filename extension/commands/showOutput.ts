import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { pickPromotion } from './pickPromotion.ts';

/** Shows everything a promotion's tools print, live. */
export async function showOutput(context: CommandContext, target: ItemTarget): Promise<void> {
  const { t } = context.words;
  const promotion = await pickPromotion(context, target, {
    fits: ({ steps }) => steps.some(step => step.state !== 'waiting'),
    title: t('Show Output'),
    none: t('No promotion has run yet.'),
  });
  if (promotion) {
    context.outputs.show(promotion.id);
  }
}
