import type { LoginPrompts } from '../clusters/loginPrompts.ts';
import type { JournalVerification } from '../model/journalChain.ts';
import type { JournalEntry } from '../model/journalEntry.ts';
import type { ChecklistService } from '../promotion/checklistService.ts';
import type { PromotionService } from '../promotion/promotionService.ts';
import type { Toolbox } from '../sources/toolbox.ts';
import type { Store } from '../store/store.ts';
import type { OpenLogs } from '../watching/logs/openLogs.ts';
import type { OpenRepositories } from '../watching/openRepositories.ts';

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
  /** The file it runs from. */
  readonly program: string;
};

/** The journal as a feed reads it; the store's journal is one. */
export type JournalSource = {
  /** Events after `since`, oldest first, at most `limit`, with the number of the last event at that instant. */
  read(options: { readonly since: number; readonly limit: number; readonly promotionId?: string }): {
    readonly events: readonly JournalEntry[];
    readonly head: number;
  };
  /** The last event; 0 before the first. */
  head(): { readonly sequence: number };
  /** Calls back after each append that `read` can see. */
  onAppended(listener: () => void): { dispose(): void };
};

/** What the handlers call. */
export type Services = {
  readonly identity: DaemonIdentity;
  readonly repositories: OpenRepositories;
  readonly promotions: PromotionService;
  readonly checklists: ChecklistService;
  readonly logs: OpenLogs;
  readonly toolbox: Toolbox;
  readonly store: Pick<Store, 'notices' | 'describe'>;
  readonly logins: Pick<LoginPrompts, 'list' | 'answer' | 'cancel'>;
  /** Ends every pause after a failure: a person has logged in, or wants it tried at once. */
  readonly tryAgain: () => void;
  readonly journal: JournalSource & { verify(): Promise<JournalVerification> };
  readonly lifecycle: {
    /** One sentence for each promotion that runs or is about to: a daemon does not make way meanwhile. */
    readonly runningPromotions: () => readonly string[];
    /** Begins the orderly stop that makes way for a newer daemon. */
    readonly retire: () => void;
    /** From now on the daemon ends as soon as nobody needs it, and removes its program. */
    readonly leave: () => void;
  };
};
