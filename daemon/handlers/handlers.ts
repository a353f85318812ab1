import { handleJournalRead } from './journalRead.ts';
import { handleJournalVerify } from './journalVerify.ts';
import type { Handlers } from './requestContext.ts';
import type { Services } from './services.ts';
import { handleSessionHello } from './sessionHello.ts';
import { handleSessionRetire } from './sessionRetire.ts';
import { handleSessionSubscribe } from './sessionSubscribe.ts';

/** The table of handlers: one line per request. */
export function buildHandlers(services: Services) {
  return {
    'session.hello': handleSessionHello(services),
    'session.subscribe': handleSessionSubscribe(services),
    'session.retire': handleSessionRetire(services),
    'journal.read': handleJournalRead(services),
    'journal.verify': handleJournalVerify(services),
  } satisfies Partial<Handlers>;
}
