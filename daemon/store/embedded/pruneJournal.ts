import * as z from 'zod';
import { buildRecordInput } from '../eventSchemas.ts';
import type { AnchorFile } from './anchorFile.ts';
import type { Database } from './database.ts';
import type { Ledger } from './ledger.ts';

/**
 * Deletes the oldest events: those before `time`, but no promotion that is not wholly before it, that has not ended or
 * that holds a lock. The chain stays provable: an anchor keeps the hash of the last event that went. Answers how many.
 */
export function pruneJournal(
  time: string,
  store: { readonly database: Database; readonly ledger: Ledger; readonly anchors: AnchorFile },
): number {
  const { database, ledger, anchors } = store;
  const last = findLast(database, time);
  if (!last) {
    return 0;
  }
  // The anchor first: a crash after it leaves events that it also proves, a crash before it nothing at all.
  anchors.append({ sequence: last.sequence, hash: last.hash, time: ledger.now(), reason: 'pruned' });
  return ledger.write(append => {
    const events = database.run('DELETE FROM events WHERE sequence <= ?', last.sequence);
    database.run('DELETE FROM promotions WHERE lastSequence <= ?', last.sequence);
    append(buildRecordInput('journal.pruned', { upTo: last.sequence, hash: last.hash, events }));
    return events;
  });
}

/** The last event that may go. */
function findLast(database: Database, time: string): { sequence: number; hash: string } | undefined {
  let keepFrom =
    database.get(
      numberSchema,
      `SELECT coalesce((SELECT min(sequence) FROM events WHERE time >= ?),
        (SELECT max(sequence) + 1 FROM events)) AS number`,
      time,
    )?.number ?? 0;
  for (;;) {
    const first = database.get(
      numberSchema,
      `SELECT min(requestedSequence) AS number FROM promotions
        WHERE endedAt IS NULL OR lastSequence >= ? OR promotionId IN (SELECT promotionId FROM locks)`,
      keepFrom,
    )?.number;
    if (typeof first !== 'number' || first >= keepFrom) {
      break;
    }
    // Keeping one promotion may reach back into another.
    keepFrom = first;
  }
  return database.get(
    eventSchema,
    'SELECT sequence, hash FROM events WHERE sequence < ? ORDER BY sequence DESC LIMIT 1',
    keepFrom,
  );
}

const numberSchema = z.object({ number: z.nullable(z.number()) });

const eventSchema = z.object({ sequence: z.number(), hash: z.string() });
