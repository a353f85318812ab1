import { setImmediate } from 'node:timers/promises';
import { type JournalVerification, verifyLinks } from '../../model/journalChain.ts';
import {
  describeJournalEntry,
  type JournalEntry,
  type JournalHead,
  type JournalInput,
} from '../../model/journalEntry.ts';
import { buildSentence, type JournalFinding } from '../../model/journalFinding.ts';
import { buildJournalLink, type JournalLink } from '../../model/journalLink.ts';
import { findUnreadable } from '../eventSchemas.ts';
import type { Journal } from '../journal.ts';
import type { AnchorFile } from './anchorFile.ts';
import type { Database } from './database.ts';
import { readEvents, readHead, type StoredEvent } from './eventTable.ts';
import type { Ledger } from './ledger.ts';

/** How many events are checked before other work gets its turn: some milliseconds. */
const verifyChunk = 200;

/** The journal in the embedded store. */
export class EmbeddedJournal implements Journal {
  readonly #database: Database;
  readonly #ledger: Ledger;
  readonly #anchors: AnchorFile;

  constructor(database: Database, ledger: Ledger, anchors: AnchorFile) {
    this.#database = database;
    this.#ledger = ledger;
    this.#anchors = anchors;
  }

  append(input: JournalInput): JournalEntry {
    return this.#ledger.write(append => append(input));
  }

  appendAll(inputs: readonly JournalInput[]): readonly JournalEntry[] {
    return this.#ledger.write(append => inputs.map(append));
  }

  read(options: { readonly since: number; readonly limit: number; readonly promotionId?: string }): {
    readonly events: readonly JournalEntry[];
    readonly head: number;
  } {
    const events = readEvents(this.#database, options);
    return {
      // A payload that is no JSON any more travels as null; `verify` names it.
      events: events.map(({ payload, ...event }) => ({ ...event, payload: payload ?? null })),
      head: this.head().sequence,
    };
  }

  head(): JournalHead {
    return readHead(this.#database);
  }

  onAppended(listener: (entry: JournalEntry) => void): { dispose(): void } {
    return this.#ledger.onAppended(listener);
  }

  async verify(): Promise<JournalVerification> {
    for (;;) {
      const first = this.#first();
      const { anchors, findings } = this.#anchors.read();
      const { sequence: head } = this.head();
      const links: JournalLink[] = [];
      const also: JournalFinding[] = [...findings];
      for (let since = 0; since < head; ) {
        const events = readEvents(this.#database, { since, limit: verifyChunk });
        for (const event of events.filter(({ sequence }) => sequence <= head)) {
          const link = buildLink(event);
          links.push(link);
          also.push(...(link.broken ? [] : findUnknown(event)));
        }
        since = events.at(-1)?.sequence ?? head;
        await setImmediate();
      }
      // Retention may have taken events away while others were being read.
      if (this.#first() === first) {
        return verifyLinks(links, anchors, also);
      }
    }
  }

  #first(): number | undefined {
    return readEvents(this.#database, { since: 0, limit: 1 })[0]?.sequence;
  }
}

function buildLink({ payload, ...event }: StoredEvent): JournalLink {
  return payload === undefined
    ? { ...event, unreadable: 'its payload is no JSON any more, so it was edited' }
    : buildJournalLink({ ...event, payload });
}

/** An event that is as it was written and that this program cannot read: a newer program wrote it. */
function findUnknown({ payload, ...event }: StoredEvent): readonly JournalFinding[] {
  const why = payload === undefined ? undefined : findUnreadable({ ...event, payload });
  if (why === undefined) {
    return [];
  }
  const message = `${buildSentence(describeJournalEntry(event))} cannot be read: ${why}.`;
  return [{ problem: 'unreadable', sequence: event.sequence, message }];
}
