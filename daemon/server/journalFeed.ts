import type { JournalSource } from '../handlers/services.ts';
import type { JournalEventView } from '../protocol/journal.ts';

/** What a feed needs. */
export type JournalFeedOptions = {
  readonly source: JournalSource;
  /** Events after this sequence number are sent. */
  readonly since: number;
  /** Resolves when the event has left the process; throws at once when the event cannot be sent at all. */
  readonly send: (event: JournalEventView) => Promise<void>;
  /** Bytes that wait to leave the process. */
  readonly queuedBytes: () => number;
  /** Called once when the feed cannot go on; nothing is sent after it. */
  readonly onFailed: (error: unknown) => void;
};

/**
 * Sends every event after `since`, each once and in order, until it is disposed.
 * There is one way for old and new events alike: read after the cursor, send, move the cursor. An append only
 * wakes it, so nothing can fall between replay and live; a slow client makes it lag and holds no memory.
 */
export function startJournalFeed(options: JournalFeedOptions): { readonly dispose: () => void } {
  const state = { disposed: false, appended: true, wake: () => {} };
  const forget = options.source.onAppended(() => {
    state.appended = true;
    state.wake();
  });
  const dispose = () => {
    state.disposed = true;
    forget();
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
const batch = 100;
/** Bytes that may wait for the client before the feed waits for it. */
const highWater = 512 * 1024;

async function run(
  options: JournalFeedOptions,
  state: { readonly disposed: boolean; appended: boolean; wake: () => void },
): Promise<void> {
  let cursor = options.since;
  while (!state.disposed) {
    state.appended = false;
    const events = await options.source.read({ since: cursor, limit: batch });
    if (events.length === 0) {
      await new Promise<void>(resolve => {
        state.wake = resolve;
        if (state.appended || state.disposed) {
          resolve();
        }
      });
      continue;
    }
    cursor = await sendBatch(options, events, { cursor, state });
  }
}

async function sendBatch(
  options: JournalFeedOptions,
  events: readonly JournalEventView[],
  { cursor, state }: { readonly cursor: number; readonly state: { readonly disposed: boolean } },
): Promise<number> {
  let last = cursor;
  let sent: Promise<unknown> = Promise.resolve();
  for (const event of events) {
    if (state.disposed) {
      return last;
    }
    if (event.sequence <= last) {
      throw new Error(`the journal gave event ${event.sequence} after ${last}`);
    }
    last = event.sequence;
    sent = options.send(event);
    if (options.queuedBytes() > highWater) {
      await sent;
    } else {
      sent.catch(() => {});
    }
  }
  await sent;
  return last;
}
