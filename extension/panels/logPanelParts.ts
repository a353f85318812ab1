import type { LogView } from '../../daemon/protocol/log.ts';
import type { DaemonPort } from '../state/daemonPort.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import type { TextDocuments } from '../state/textDocuments.ts';
import type { Words } from '../words.ts';

/** What panels of logs work with. */
export type LogPanelParts = {
  /** The folder of the extension. */
  readonly extensionPath: string;
  readonly daemon: DaemonPort;
  readonly store: ReleaseStore;
  readonly texts: TextDocuments;
  readonly words: Words;
  readonly onError: (error: unknown) => void;
  /** Asks before a log is saved that deserves it. */
  readonly confirmSave: (log: LogView) => Promise<boolean>;
};
