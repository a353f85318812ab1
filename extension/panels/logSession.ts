import type { LogView } from '../../daemon/protocol/log.ts';
import type { FromLogPage, LogDeed, LogRange, ToLogPage } from '../../webview/protocol/logMessages.ts';
import type { LogWords } from '../../webview/protocol/logWords.ts';
import type { DaemonPort } from '../state/daemonPort.ts';
import { readFailure } from '../state/readFailure.ts';
import { LogChanges } from './logChanges.ts';
import type { LogPlace } from './logPlace.ts';
import { LogReads } from './logReads.ts';

/** What a session needs. */
export type LogSessionParts = {
  readonly daemon: DaemonPort;
  readonly place: LogPlace;
  readonly range: LogRange;
  /** The log that an earlier session of this window opened, where there was one. */
  readonly logId?: string;
  readonly words: LogWords;
  readonly settings: { readonly timestamps: boolean; readonly wrap: boolean };
  /** Sends to the page; resolves to false where there is none. */
  readonly send: (message: ToLogPage) => Promise<boolean>;
  /** What the page asks of the window. */
  readonly onDeed: (deed: LogDeed) => void;
  /** What is said when the log had to be opened anew. */
  readonly sayAnew: () => string;
  readonly sayDisconnected: () => string;
  /** What is said when the daemon does not know a question: one that is older goes on while its promotion runs. */
  readonly sayOlder: () => string;
};

/** How many entries a page gets along with the news that its log is open. */
const firstEntries = 500;

/** Between the daemon's log and its page: opens or takes part in it, answers by place, and comes back after a loss. */
export class LogSession {
  readonly #parts: LogSessionParts;
  readonly #stop: () => void;
  readonly #reads: LogReads;
  readonly #changes: LogChanges;
  #range: LogRange;
  #log: LogView | undefined;
  #logId: string | undefined;
  #opening: Promise<void> | undefined;
  #hasPage = false;
  #isConnected = true;
  /** The log that the page shows is not, or not yet, the daemon's. */
  #isLost = true;
  /** One after the other: what the person chose last is what they get. */
  #reopening: Promise<void> = Promise.resolve();
  /** What is in the way; the page hears of it when it can. */
  #trouble: string | undefined;
  #disposed = false;

  constructor(parts: LogSessionParts) {
    this.#parts = parts;
    this.#range = parts.range;
    this.#logId = parts.logId;
    this.#reads = new LogReads(parts.daemon, (id, ask) => this.#answer(id, ask));
    this.#changes = new LogChanges(message => void this.#send(message));
    this.#stop = parts.daemon.on('log.changed', changed => {
      if (changed.log.logId === this.#log?.logId) {
        this.#log = changed.log;
        this.#changes.take(changed);
        this.#reads.wake();
      }
    });
  }

  /** The log as it stands; undefined before it is open. */
  get log(): LogView | undefined {
    return this.#log;
  }

  /** Opens the log, or takes part in the one that was open; rejects where neither can be done. */
  open(): Promise<void> {
    this.#opening ??= this.#openOrAttach().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Takes a message of the page. */
  take(message: FromLogPage): void {
    switch (message.type) {
      case 'ready':
        this.#hasPage = true;
        void this.#tellOpened().then(() => this.#tellTrouble());
        break;
      case 'read':
        this.#reads.take(message);
        break;
      case 'peek':
        void this.#answer(message.id, async logId => {
          const { id, from, filterId } = message;
          const filter = filterId === undefined ? {} : { filterId };
          const batch = await this.#parts.daemon.request('log.read', { logId, from, limit: 1, ...filter });
          return { type: 'read', id, batch };
        });
        break;
      case 'filter':
        void this.#answer(message.id, async logId => {
          const filtered = await this.#parts.daemon.request('log.filter', { logId, filter: message.filter });
          return { type: 'filtered', id: message.id, filtered };
        });
        break;
      case 'find':
        void this.#answer(message.id, async logId => {
          const { filterId, pattern, from, direction } = message;
          const filter = filterId === undefined ? {} : { filterId };
          const question = { logId, pattern, from, direction, ...filter };
          const answer = await this.#parts.daemon.request('log.find', question);
          return { type: 'found', id: message.id, ...answer };
        });
        break;
      case 'match':
        void this.#answer(message.id, async () => {
          const { pattern, texts } = message;
          const answer = await this.#parts.daemon.request('log.match', { pattern, texts });
          return { type: 'matched', id: message.id, ...answer };
        });
        break;
      case 'reopen':
        this.#reopening = this.#reopening.then(() => this.#reopen(message.range));
        break;
      case 'showLine':
      case 'copy':
      case 'save':
      case 'openDocument':
        this.#parts.onDeed(message);
        break;
    }
  }

  /** The connection to the daemon was lost, or is there. */
  async setConnected(isConnected: boolean): Promise<void> {
    this.#isConnected = isConnected;
    if (isConnected) {
      await this.#recover();
    } else {
      this.#isLost = true;
      this.#reads.forget();
      await this.#setTrouble(this.#log ? this.#parts.sayDisconnected() : this.#parts.words.opening);
    }
  }

  /** Something has changed that may have kept the log from being opened. */
  retry(): void {
    if (this.#isLost && this.#isConnected) {
      void this.#recover();
    }
  }

  /** The page is hidden: it will ask for everything when it is shown again. */
  forgetPage(): void {
    this.#hasPage = false;
    this.#reads.forget();
  }

  /** Tells the page that something was done. */
  tell(message: string): void {
    void this.#send({ type: 'told', message });
  }

  dispose(): void {
    this.#disposed = true;
    this.#stop();
    this.#reads.forget();
    this.#changes.dispose();
    const { logId } = this.#log ?? {};
    if (logId !== undefined) {
      this.#parts.daemon.request('log.close', { logId }).catch(() => {});
    }
  }

  async #openOrAttach(): Promise<void> {
    const { daemon } = this.#parts;
    const known = this.#logId;
    if (known !== undefined) {
      try {
        await this.#setLog(await daemon.request('log.attach', { logId: known }));
        return;
      } catch (error) {
        if (readFailure(error).code !== 'logGone') {
          throw error;
        }
      }
    }
    await this.#setLog(await daemon.request('log.open', { ...this.#parts.place, ...this.#range }));
    if (known !== undefined) {
      this.tell(this.#parts.sayAnew());
    }
  }

  async #setLog(log: LogView): Promise<void> {
    if (this.#disposed) {
      this.#parts.daemon.request('log.close', { logId: log.logId }).catch(() => {});
      return;
    }
    this.#log = log;
    this.#logId = log.logId;
    this.#isLost = false;
    await this.#setTrouble(undefined);
    await this.#tellOpened();
  }

  /** Takes part again after the connection was lost; the page hears why where that fails. */
  async #recover(): Promise<void> {
    this.#isLost = true;
    try {
      await this.open();
    } catch (error) {
      const { message, next } = readFailure(error);
      await this.#setTrouble(next === undefined ? message : `${message} ${next}`);
    }
  }

  async #reopen(range: LogRange): Promise<void> {
    const before = this.#log;
    try {
      const { daemon, place } = this.#parts;
      const log = await daemon.request('log.open', { ...place, ...range });
      this.#range = range;
      this.#reads.forget();
      await this.#setLog(log);
      if (before) {
        await daemon.request('log.close', { logId: before.logId });
      }
    } catch (error) {
      this.tell(readFailure(error).message);
    }
  }

  async #setTrouble(trouble: string | undefined): Promise<void> {
    this.#trouble = trouble;
    await this.#tellTrouble();
  }

  #tellTrouble(): Promise<void> {
    const message = this.#trouble;
    return this.#send({ type: 'trouble', ...(message === undefined ? {} : { message }) });
  }

  async #tellOpened(): Promise<void> {
    const log = this.#log;
    if (!log || !this.#hasPage) {
      return;
    }
    const from = Math.max(log.first, log.total - firstEntries);
    const last = await this.#parts.daemon
      .request('log.read', { logId: log.logId, from, limit: firstEntries })
      .catch(() => undefined);
    if (this.#log?.logId !== log.logId) {
      // Another log was opened meanwhile, and is told by itself.
      return;
    }
    const { words, settings } = this.#parts;
    await this.#send({
      type: 'opened',
      log: this.#log,
      range: this.#range,
      settings,
      words,
      ...(last === undefined ? {} : { last }),
    });
  }

  /** Answers a question of the page; nothing is sent where there is no answer yet. */
  async #answer(id: number, ask: (logId: string) => Promise<ToLogPage | undefined>): Promise<void> {
    const { logId } = this.#log ?? {};
    if (logId === undefined) {
      return;
    }
    try {
      const answer = await ask(logId);
      if (answer) {
        await this.#send(answer);
      }
    } catch (error) {
      const { code, message } = readFailure(error);
      if (code === 'logGone' && logId === this.#log?.logId) {
        await this.#recover();
      } else {
        const told = code === 'badRequest' ? this.#parts.sayOlder() : message;
        await this.#send({ type: 'refused', id, code, message: told });
      }
    }
  }

  async #send(message: ToLogPage): Promise<void> {
    if (this.#disposed || !this.#hasPage) {
      return;
    }
    const arrived = await this.#parts.send(message);
    if (!arrived) {
      this.forgetPage();
    }
  }
}
