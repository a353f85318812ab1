import * as z from 'zod';
import { buildCanonicalJson, type JsonValue } from '../../model/canonicalJson.ts';
import { type JournalEntry, type JournalHead, journalOrigin } from '../../model/journalEntry.ts';
import type { Database } from './database.ts';

/** An event as its row keeps it: the payload may have been edited into something that is no JSON. */
export type StoredEvent = Omit<JournalEntry, 'payload'> & { readonly payload: JsonValue | undefined };

/** Writes the event that comes next. */
export function insertEvent(database: Database, entry: JournalEntry): void {
  database.run(
    'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    entry.sequence,
    entry.time,
    entry.type,
    entry.version,
    entry.promotionId ?? null,
    buildCanonicalJson(entry.payload),
    entry.previous,
    entry.hash,
  );
}

/** The last event's number and hash. */
export function readHead(database: Database): JournalHead {
  const sql = 'SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1';
  return database.get(headSchema, sql) ?? journalOrigin;
}

/** Events after `since`, oldest first. */
export function readEvents(
  database: Database,
  options: { readonly since: number; readonly limit: number; readonly promotionId?: string },
): readonly StoredEvent[] {
  const { since, limit, promotionId } = options;
  return promotionId === undefined
    ? database.all(
        rowSchema,
        'SELECT * FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?',
        since,
        limit,
      )
    : database.all(
        rowSchema,
        'SELECT * FROM events WHERE promotionId = ? AND sequence > ? ORDER BY sequence LIMIT ?',
        promotionId,
        since,
        limit,
      );
}

const headSchema = z.object({ sequence: z.number(), hash: z.string() });

const rowSchema = z
  .object({
    sequence: z.number(),
    time: z.string(),
    type: z.string(),
    version: z.number(),
    promotionId: z.nullable(z.string()),
    payload: z.string(),
    previous: z.string(),
    hash: z.string(),
  })
  .transform(
    ({ promotionId, payload, ...row }): StoredEvent => ({
      ...row,
      ...(promotionId === null ? {} : { promotionId }),
      payload: parseJson(payload),
    }),
  );

function parseJson(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
