import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Checks the journal's chain and anchors. */
export function handleJournalVerify(services: Services): Handler<'journal.verify'> {
  return async (_params, { signal }) => services.journal.verify(signal);
}
