import type { Promotion } from '../../daemon/protocol/promotion.ts';
import { buildPromotionTitle } from '../promotionWords.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import { findPromotion, listRepositories } from '../state/storeState.ts';
import type { CommandContext } from './commandContext.ts';
import { CommandFailure } from './commandFailure.ts';
import { pickOne } from './pickStep.ts';

/**
 * The promotion a command is about: the target's, the only one that fits, or the one the person picks; undefined
 * when they left. Throws a CommandFailure with `none` when nothing fits.
 */
export async function pickPromotion(
  { store, words }: CommandContext,
  target: ItemTarget,
  options: {
    readonly fits: (promotion: Promotion) => boolean;
    readonly title: string;
    readonly none: string;
  },
): Promise<Promotion | undefined> {
  const named = target.promotionId === undefined ? undefined : findPromotion(store.state, target.promotionId);
  if (named) {
    return named;
  }
  const promotions = listRepositories(store.state)
    .flatMap(repository => repository.promotions)
    .filter(options.fits);
  const [only] = promotions;
  if (!only) {
    throw new CommandFailure('unknownPromotion', options.none, undefined);
  }
  if (promotions.length === 1) {
    return only;
  }
  return pickOne({
    title: options.title,
    placeholder: words.t('Which promotion?'),
    items: promotions.map(promotion => ({
      label: buildPromotionTitle(promotion.plan, words.t),
      description: `${promotion.state} \u00b7 ${words.exactTime(promotion.requestedAt)}`,
      detail: promotion.person,
      value: promotion,
    })),
  });
}
