import type { JournalVerification } from '../model/journalChain.ts';
import type { JournalEntry, JournalHead, JournalInput } from '../model/journalEntry.ts';

/** The append-only, hash-chained record. */
export type Journal = {
  /** Appends an event; it is durable when this returns. Throws SlipwayError `storeFailed`. */
  append(input: JournalInput): JournalEntry;
  /** Appends several events in one transaction: all or none. */
  appendAll(inputs: readonly JournalInput[]): readonly JournalEntry[];
  /** Events after `since`, oldest first, at most `limit`, with the journal's head at that instant. */
  read(options: { readonly since: number; readonly limit: number; readonly promotionId?: string }): {
    readonly events: readonly JournalEntry[];
    readonly head: number;
  };
  head(): JournalHead;
  /** Calls back after each commit of this process, in order, one event at a time. */
  onAppended(listener: (entry: JournalEntry) => void): { dispose(): void };
  /** Checks the whole chain and the anchors without holding up other work. */
  verify(): Promise<JournalVerification>;
};
