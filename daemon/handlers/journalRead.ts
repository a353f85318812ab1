import type { Result } from '../protocol/messages.ts';
import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Reads events of the journal, of one promotion where it is named. */
export function handleJournalRead(services: Pick<Services, 'journal'>): Handler<'journal.read'> {
  return async ({ since, limit, promotionId }) => {
    const { events, head } = services.journal.read({
      since,
      limit,
      ...(promotionId === undefined ? {} : { promotionId }),
    });
    // The door checks that payloads are JSON; the journal's own type only says it in other words.
    return { events: [...events] as Result<'journal.read'>['events'], head };
  };
}
