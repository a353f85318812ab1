import type { ChecklistModel } from '../state/checklistModel.ts';
import type { DaemonRequests } from '../state/daemonPort.ts';
import type { LogTail } from '../state/diagnosticsText.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import type { TextDocuments } from '../state/textDocuments.ts';
import type { Words } from '../words.ts';

/** What a command works with. */
export type CommandContext = {
  readonly store: ReleaseStore;
  readonly daemon: DaemonRequests & {
    /** Replaces the running daemon; rejects while a promotion runs. */
    restart(): Promise<void>;
  };
  readonly checklist: ChecklistModel;
  readonly texts: TextDocuments;
  readonly words: Words;
  readonly outputs: {
    /** Shows everything a promotion's tools print. */
    show(promotionId: string): void;
  };
  readonly logs: {
    /** Opens the log of a workload or a pod in the editor; rejects where it cannot be had. */
    open(place: {
      readonly repositoryId: string;
      readonly environment: string;
      readonly workload: string;
    }): Promise<void>;
  };
  readonly feed: {
    /** Opens the folders whose repository is not known yet. */
    openMissing(): Promise<void>;
  };
  /** What diagnostics are made of beside what the store knows. */
  readonly diagnostics: {
    /** Versions of everything in this window. */
    about(): unknown;
    /** The settings that somebody has changed. */
    settings(): unknown;
    /** The ends of the extension's log and the daemon's. */
    readLogs(): Promise<readonly LogTail[]>;
    /** Takes out what this window knows or recognizes as a secret. */
    redact(text: string): Promise<string>;
  };
  /** Shows the extension's log, and the daemon's where there is one. */
  readonly showLog: () => Promise<void>;
};

/** A command: what it is about may be said by the place it was started from; the rest it asks for. */
export type CommandHandler = (context: CommandContext, target: ItemTarget) => Promise<void>;
