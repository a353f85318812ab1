import { buildJournalHash, type JournalEntry } from './journalEntry.ts';

/** An event as the chain needs it: of a whole one only the hashes, so that a long journal fits in memory. */
export type JournalLink = Pick<
  JournalEntry,
  'sequence' | 'time' | 'type' | 'promotionId' | 'previous' | 'hash'
> & {
  /** The whole event, only when it does not match its own hash. */
  readonly broken?: JournalEntry;
  /** Why what is stored is no event at all. */
  readonly unreadable?: string;
};

/** Checks an event against its own hash. */
export function buildJournalLink(entry: JournalEntry): JournalLink {
  const { sequence, time, type, promotionId, previous, hash } = entry;
  return {
    sequence,
    time,
    type,
    ...(promotionId === undefined ? {} : { promotionId }),
    previous,
    hash,
    ...(buildJournalHash(entry) === hash ? {} : { broken: entry }),
  };
}
