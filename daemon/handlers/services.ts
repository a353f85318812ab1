import type { JournalEventView } from '../protocol/journal.ts';
import type { Result } from '../protocol/messages.ts';

/** Who this daemon is and for whom it acts. */
export type DaemonIdentity = {
  readonly version: string;
  readonly pid: number;
  /** ISO time in UTC. */
  readonly startedAt: string;
  /** The state folder. */
  readonly home: string;
  readonly host: string;
  readonly logFile: string;
  /** The operating system's user. */
  readonly person: string;
};

/** The journal, as far as the door needs it. */
export type JournalSource = {
  /** The events after `since`, oldest first, at most `limit`. */
  readonly read: (query: {
    readonly since: number;
    readonly limit: number;
  }) => readonly JournalEventView[] | Promise<readonly JournalEventView[]>;
  /** The sequence number of the last event; 0 before the first. */
  readonly head: () => number;
  /** Calls the listener after each append that `read` can see; returns how to forget it. */
  readonly onAppended: (listener: () => void) => () => void;
};

/** What the handlers of `session.*` and `journal.*` call. */
export type Services = {
  readonly identity: DaemonIdentity;
  readonly journal: JournalSource & {
    /** The events of one promotion after `since`, oldest first, at most `limit`. */
    readonly readPromotion: (query: {
      readonly promotionId: string;
      readonly since: number;
      readonly limit: number;
    }) => readonly JournalEventView[] | Promise<readonly JournalEventView[]>;
    readonly verify: (signal: AbortSignal) => Promise<Result<'journal.verify'>>;
  };
  readonly lifecycle: {
    /** One sentence for each promotion that runs or is about to: a daemon does not make way meanwhile. */
    readonly runningPromotions: () => readonly string[];
    /** Begins the orderly stop that makes way for a newer daemon. */
    readonly retire: () => void;
  };
};
