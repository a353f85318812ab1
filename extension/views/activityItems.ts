import { listRepositories, type StoreState } from '../state/storeState.ts';
import type { Words } from '../words.ts';
import { buildPromotionItem } from './promotionItems.ts';
import type { ViewItem } from './viewItem.ts';

/** The Activity tree: every promotion, newest first, with its steps; a click opens the timeline. */
export function buildActivityItems(state: StoreState, words: Words): readonly ViewItem[] {
  return listRepositories(state)
    .flatMap(repository => repository.promotions)
    .toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt))
    .map(promotion => ({
      ...buildPromotionItem(promotion, { parent: 'activity', open: 'collapsed' }, words),
      click: 'slipway.showTimeline',
    }));
}
