import type { Promotion } from '../../daemon/protocol/promotion.ts';
import { isEnded } from '../promotionWords.ts';
import { listRepositories, type StoreState } from './storeState.ts';

/**
 * Finds the promotions that have ended since they were last seen running or were started here, and those that run now.
 * What was seen is kept over a reload, so that an end in between is told too.
 */
export function findEndedPromotions(
  state: StoreState,
  seenRunning: ReadonlySet<string>,
): { readonly ended: readonly Promotion[]; readonly running: ReadonlySet<string> } {
  const promotions = listRepositories(state).flatMap(repository => repository.promotions);
  const known = new Set(promotions.map(promotion => promotion.id));
  const unknown = [...seenRunning].filter(id => !known.has(id));
  const running = promotions.filter(promotion => !isEnded(promotion.state)).map(promotion => promotion.id);
  // A quick end can be the first thing the window hears of a promotion it has started.
  const started = new Set(state.started.values());
  return {
    ended: promotions.filter(
      ({ id, state: itsState }) => isEnded(itsState) && (seenRunning.has(id) || started.has(id)),
    ),
    // One whose repository is not open yet is not forgotten.
    running: new Set([...unknown, ...running]),
  };
}
