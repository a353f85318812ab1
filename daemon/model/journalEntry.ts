import type { JsonValue } from './canonicalJson.ts';
import { buildDigest, type Digest } from './digest.ts';

/** An event before it is part of the journal. */
export type JournalInput = {
  readonly type: string;
  /** The version of this type of event. */
  readonly version: number;
  /** The promotion it is a fact of. */
  readonly promotionId?: string;
  readonly payload: JsonValue;
};

/** An event of the journal: it carries the hash of the event before it. */
export type JournalEntry = JournalInput & {
  /** 1 for the first event. */
  readonly sequence: number;
  /** ISO time in UTC. */
  readonly time: string;
  /** The hash of the event before; of the first event, the hash of the journal's origin. */
  readonly previous: string;
  /** The digest of everything else. */
  readonly hash: string;
};

/** The last event of a journal. */
export type JournalHead = { readonly sequence: number; readonly hash: string };

/** The head of a journal without events. */
export const journalOrigin: JournalHead = { sequence: 0, hash: buildDigest('slipway journal') };

/** Builds the event that follows `head`. */
export function buildJournalEntry(head: JournalHead, input: JournalInput, time: string): JournalEntry {
  const { type, version, promotionId, payload } = input;
  const entry = {
    sequence: head.sequence + 1,
    time,
    type,
    version,
    ...(promotionId === undefined ? {} : { promotionId }),
    payload,
    previous: head.hash,
  };
  return { ...entry, hash: buildJournalHash(entry) };
}

/** The digest over everything of an event but its own hash. */
export function buildJournalHash(entry: Omit<JournalEntry, 'hash'>): Digest {
  const { sequence, time, type, version, promotionId, payload, previous } = entry;
  return buildDigest({ sequence, time, type, version, promotionId, payload, previous });
}

/** Names an event for people: "event 7 (step.completed of promotion p-1, 2026-01-01T00:00:00.000Z)". */
export function describeJournalEntry(
  entry: Pick<JournalEntry, 'sequence' | 'time' | 'type' | 'promotionId'>,
): string {
  const promotion = entry.promotionId === undefined ? '' : ` of promotion ${entry.promotionId}`;
  return `event ${entry.sequence} (${entry.type}${promotion}, ${entry.time})`;
}
