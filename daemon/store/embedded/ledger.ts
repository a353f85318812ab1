import type { JournalAnchor } from '../../model/journalAnchor.ts';
import { buildJournalEntry, type JournalEntry, type JournalInput } from '../../model/journalEntry.ts';
import { findUnreadable } from '../eventSchemas.ts';
import type { AnchorFile } from './anchorFile.ts';
import type { Database } from './database.ts';
import { insertEvent, readHead } from './eventTable.ts';

/** What is folded from events and must change in the same transaction. */
export type Projection = {
  /** Called inside the transaction; throwing refuses the event. */
  apply(entry: JournalEntry): void;
  /** The transaction is durable. */
  keep?(): void;
  /** The transaction was undone. */
  forget?(): void;
};

/** Appends an event inside a transaction. */
export type Append = (input: JournalInput) => JournalEntry;

/** After so many events an anchor is due. */
const anchorInterval = 100;

/** The only writer of events: each transaction's events are chained, projected, committed and then published in order. */
export class Ledger {
  readonly #database: Database;
  readonly #anchors: AnchorFile;
  readonly #projections: readonly Projection[];
  readonly #clock: () => Date;
  readonly #notice: (sentence: string) => void;
  readonly #listeners = new Set<(entry: JournalEntry) => void>();
  readonly #unpublished: JournalEntry[] = [];
  #publishing = false;

  constructor(options: {
    readonly database: Database;
    readonly anchors: AnchorFile;
    readonly projections: readonly Projection[];
    readonly clock: () => Date;
    readonly notice: (sentence: string) => void;
  }) {
    this.#database = options.database;
    this.#anchors = options.anchors;
    this.#projections = options.projections;
    this.#clock = options.clock;
    this.#notice = options.notice;
  }

  /** The present as the journal writes it. */
  now(): string {
    return this.#clock().toISOString();
  }

  /** Runs `work` in one transaction; what it appends is durable and published when this returns. */
  write<T>(work: (append: Append) => T): T {
    const entries: JournalEntry[] = [];
    let result: T;
    try {
      result = this.#database.transaction(() => {
        // Read inside the transaction: another process may have appended since.
        let head = readHead(this.#database);
        return work(input => {
          const unreadable = findUnreadable(input);
          if (unreadable !== undefined) {
            throw new Error(`${input.type} was not appended: ${unreadable}`);
          }
          const entry = buildJournalEntry(head, input, this.now());
          insertEvent(this.#database, entry);
          for (const projection of this.#projections) {
            projection.apply(entry);
          }
          entries.push(entry);
          head = entry;
          return entry;
        });
      });
    } catch (error) {
      for (const projection of this.#projections) {
        projection.forget?.();
      }
      throw error;
    }
    for (const projection of this.#projections) {
      projection.keep?.();
    }
    this.#publish(entries);
    this.#anchorWhenDue(entries);
    return result;
  }

  /** Calls back for each event of this process after its commit. */
  onAppended(listener: (entry: JournalEntry) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Writes the present head outside the database; a failure is told, since the events themselves are safe. */
  anchor(reason: JournalAnchor['reason']): void {
    try {
      const { sequence, hash } = readHead(this.#database);
      if (sequence > 0 && sequence !== this.#anchors.lastSequence) {
        this.#anchors.append({ sequence, hash, time: this.now(), reason });
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#notice(`The journal's last anchor was not written: ${why}`);
    }
  }

  #anchorWhenDue(entries: readonly JournalEntry[]): void {
    const last = entries.at(-1);
    if (entries.some(entry => entry.type === 'promotion.ended')) {
      this.anchor('promotionEnded');
    } else if (last && last.sequence - this.#anchors.lastSequence >= anchorInterval) {
      this.anchor('interval');
    }
  }

  /** A listener that appends gets its events after those that are being published. */
  #publish(entries: readonly JournalEntry[]): void {
    this.#unpublished.push(...entries);
    if (this.#publishing) {
      return;
    }
    this.#publishing = true;
    try {
      for (let entry = this.#unpublished.shift(); entry; entry = this.#unpublished.shift()) {
        this.#call(entry);
      }
    } finally {
      this.#publishing = false;
    }
  }

  #call(entry: JournalEntry): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(entry);
      } catch (error) {
        // The event is durable whatever a listener makes of it.
        const why = error instanceof Error ? error.message : String(error);
        this.#notice(`Event ${entry.sequence} was not passed on: ${why}`);
      }
    }
  }
}
