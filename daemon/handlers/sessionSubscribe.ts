import { SlipwayError } from '../protocol/errors.ts';
import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Begins the session's feed of journal events. */
export function handleSessionSubscribe(services: Pick<Services, 'journal'>): Handler<'session.subscribe'> {
  return async ({ since }, { session }) => {
    const head = services.journal.head().sequence;
    if (since > head) {
      throw new SlipwayError(
        'invalidArgument',
        `The journal ends at event ${head}; event ${since} does not exist.`,
        { details: { field: 'since', head: String(head) } },
      );
    }
    session.followJournal(since);
    return { head };
  };
}
