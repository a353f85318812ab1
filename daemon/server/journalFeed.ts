import type { JournalSource } from '../handlers/services.ts';
import type { JournalEntry } from '../model/journalEntry.ts';

/** What a feed needs. */
export type JournalFeedOptions = {
  readonly source: JournalSource;
  /** Events after this sequence number are sent. */
  readonly since: number;
  /** Resolves when the events have left the process; rejects when they cannot be sent. */
  readonly send: (events: readonly JournalEntry[]) => Promise<void>;
  /** Called once when the feed cannot go on; nothing is sent after it. */
  readonly onFailed: (error: unknown) => void;
};

/**
 * Sends every event after `since`, each once and in order, until it is disposed.
 * There is one way for old and new events alike: read after the cursor, send, move the cursor. An append only
 * wakes it, so nothing can fall between replay and live; a slow client makes it lag and holds no memory.
 */
export function startJournalFeed(options: JournalFeedOptions): { readonly dispose: () => void } {
  const state = { disposed: false, wake: () => {} };
  const appended = options.source.onAppended(() => state.wake());
  const dispose = () => {
    state.disposed = true;
    appended.dispose();
    state.wake();
  };
  run(options, state).catch((error: unknown) => {
    if (!state.disposed) {
      dispose();
      options.onFailed(error);
    }
  });
  return { dispose };
}

/** Events read at once. */
const mostEvents = 100;
/** Characters of payload after which a message is full: one message must not hold up the loop. */
const mostCharacters = 256 * 1024;

async function run(
  options: JournalFeedOptions,
  state: { readonly disposed: boolean; wake: () => void },
): Promise<void> {
  let cursor = options.since;
  while (!state.disposed) {
    const { events } = options.source.read({ since: cursor, limit: mostEvents });
    if (events.length === 0) {
      // Reading and waiting happen in one turn of the event loop, so no append can fall between them.
      await new Promise<void>(resolve => {
        state.wake = resolve;
      });
      continue;
    }
    for (const message of buildMessages(events, cursor)) {
      if (state.disposed) {
        return;
      }
      await options.send(message);
      cursor = message.at(-1)?.sequence ?? cursor;
    }
  }
}

/** Cuts events into messages of a fair size; throws an Error when they are not in order after `cursor`. */
function buildMessages(
  events: readonly JournalEntry[],
  cursor: number,
): readonly (readonly JournalEntry[])[] {
  const messages: JournalEntry[][] = [];
  let characters = Number.POSITIVE_INFINITY;
  let last = cursor;
  for (const event of events) {
    if (event.sequence <= last) {
      throw new Error(`the journal gave event ${event.sequence} after ${last}`);
    }
    last = event.sequence;
    if (characters > mostCharacters) {
      messages.push([]);
      characters = 0;
    }
    messages.at(-1)?.push(event);
    characters += JSON.stringify(event.payload).length;
  }
  return messages;
}
