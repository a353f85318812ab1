import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Reads events of the journal, of one promotion where it is named. */
export function handleJournalRead(services: Services): Handler<'journal.read'> {
  return async ({ since, limit, promotionId }) => {
    const { journal } = services;
    const events =
      promotionId === undefined
        ? await journal.read({ since, limit })
        : await journal.readPromotion({ promotionId, since, limit });
    return { events: [...events], head: journal.head() };
  };
}
