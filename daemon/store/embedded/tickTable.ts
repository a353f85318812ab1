import * as z from 'zod';
import { type CheckScope, checkScopes, type Tick } from '../../model/check.ts';
import type { JournalEntry } from '../../model/journalEntry.ts';
import { digestPartSchema, digestSchema } from '../../protocol/digest.ts';
import { parseCheckEvent } from '../eventSchemas.ts';
import type { TickPlace, TickQueries } from '../ticks.ts';
import type { Database } from './database.ts';
import { jsonColumn } from './jsonColumn.ts';

/** The ticks that stand, folded from their events; changes with each event, in its transaction. */
export class TickTable implements TickQueries {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Takes over what an event says of a tick. */
  apply(entry: JournalEntry): void {
    const event = parseCheckEvent(entry);
    if (!event) {
      return;
    }
    const { repositoryId, checkId, scope, environment, release } = event;
    const place = [repositoryId, release, checkId, scope, buildPlace(scope, environment)] as const;
    if (event.type === 'check.unticked') {
      this.#database.run(
        'DELETE FROM ticks WHERE repositoryId = ? AND release = ? AND checkId = ? AND scope = ? AND place = ?',
        ...place,
      );
      return;
    }
    this.#database.run(
      'INSERT OR REPLACE INTO ticks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...place,
      environment,
      event.check,
      event.role,
      event.person,
      event.note ?? null,
      event.digest,
      JSON.stringify(event.parts),
      entry.time,
      entry.sequence,
    );
  }

  list({ repositoryId, environment, release }: TickPlace): readonly Tick[] {
    return this.#database.all(
      tickSchema,
      `SELECT * FROM ticks WHERE repositoryId = ? AND release = ? AND place IN ('', ?) ORDER BY sequence`,
      repositoryId,
      release,
      environment,
    );
  }
}

/** A release's tick stands nowhere in particular. */
function buildPlace(scope: CheckScope, environment: string): string {
  return scope === 'release' ? '' : environment;
}

const tickSchema = z
  .object({
    repositoryId: z.string(),
    release: z.string(),
    checkId: z.string(),
    scope: z.enum(checkScopes),
    place: z.string(),
    environment: z.string(),
    checkText: z.string(),
    role: z.string(),
    person: z.string(),
    note: z.nullable(z.string()),
    digest: digestSchema,
    parts: jsonColumn.pipe(z.array(digestPartSchema)),
    at: z.string(),
    sequence: z.number(),
  })
  .transform(
    ({ place: _, note, checkText, ...row }): Tick => ({
      ...row,
      check: checkText,
      ...(note === null ? {} : { note }),
    }),
  );
