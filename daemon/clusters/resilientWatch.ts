import { SlipwayError } from '../protocol/errors.ts';
import type { ClusterConnection } from './clusterConnection.ts';
import { ClusterError } from './clusterError.ts';
import { followLines } from './followLines.ts';
import { type Collection, listCollection } from './listCollection.ts';
import { Liveness } from './liveness.ts';
import { metadataAccept } from './metadataAccept.ts';
import type { Asked } from './readAnswer.ts';
import { Sleeper } from './sleeper.ts';
import { buildWatchPause, buildWatchTimeout, forgivenBriefs } from './watchBackoff.ts';
import { buildClosedError, buildCutError, buildWatchError, readWatchLine } from './watchError.ts';
import { type WatchEvent, WatchedItems } from './watchedItems.ts';
import { parseObjectVersion } from './watchLine.ts';
import { WatchTrial } from './watchTrial.ts';

/** How a watch stands; `staleSince` in milliseconds since 1970. */
export type WatchStatus =
  | { readonly type: 'syncing' }
  | { readonly type: 'live' }
  | { readonly type: 'stale'; readonly staleSince: number; readonly error: SlipwayError };

/** What is watched and who listens. */
export type ResilientWatchOptions<T> = Collection & {
  readonly connection: Asked & Pick<ClusterConnection, 'stream'>;
  /** Keeps of an object what is needed; throws for one that it does not understand. */
  readonly project: (object: unknown) => T;
  readonly onEvent: (event: WatchEvent<T>) => void;
  /** Told when the status changes, or the reason for it. */
  readonly onStatus: (status: WatchStatus) => void;
  /** Told of every connection that failed or broke: who answers next is not known. */
  readonly onBreak?: () => void;
  /** Awaited before each connection; what it throws counts as a failed try. */
  readonly beforeConnect?: () => Promise<void>;
  /** Told of an object that `project` did not understand; the object is left out. */
  readonly onProblem?: (problem: unknown) => void;
  /** Tests make it shorter. Milliseconds without a byte after which a connection counts as dead. */
  readonly livenessMs?: number;
};

/** The API server writes a bookmark every minute. */
const defaultLivenessMs = 75_000;
const openTimeoutMs = 15_000;

/**
 * Watches a collection and keeps a projection of it, over cut connections, expired versions and outages, each
 * change exactly once. What it holds is complete whenever the status is `live`. Begins with `start`.
 */
export class ResilientWatch<T> {
  readonly #options: ResilientWatchOptions<T>;
  readonly #items: WatchedItems<T>;
  readonly #sleeper = new Sleeper();
  #status: WatchStatus = { type: 'syncing' };
  #version = '';
  #streamingLists = true;
  #failures = 0;
  /** How many connections in a row were watches, but lived only for a moment. */
  #briefs = 0;
  /** True after an answer that was no watch, until one was again. */
  #wasSpurned = false;
  #wasGone = false;
  #attempt: AbortController | undefined;
  #resumeAtOnce = false;
  #disposed = false;

  constructor(options: ResilientWatchOptions<T>) {
    this.#options = options;
    this.#items = new WatchedItems({
      project: options.project,
      onEvent: options.onEvent,
      onProblem: options.onProblem ?? (() => undefined),
    });
  }

  /** What is known now. */
  values(): T[] {
    return this.#items.values();
  }

  get status(): WatchStatus {
    return this.#status;
  }

  start(): void {
    void this.#run();
  }

  /** Opens a new connection at once and goes on where it was: the present one may be dead. */
  reconnect(): void {
    this.#resumeAtOnce = true;
    this.#attempt?.abort();
    this.#sleeper.wake();
  }

  /** Forgets where it was and lists anew: another cluster answers. */
  restart(): void {
    this.#version = '';
    this.reconnect();
  }

  dispose(): void {
    this.#disposed = true;
    this.#attempt?.abort();
    this.#sleeper.wake();
  }

  async #run(): Promise<void> {
    while (!this.#disposed) {
      const error = await this.#connect();
      if (this.#disposed) {
        return;
      }
      if (this.#resumeAtOnce || !error) {
        this.#resumeAtOnce = false;
        continue;
      }
      if (error.code === 'clusterUnreachable') {
        this.#options.onBreak?.();
      }
      this.#setStale(error);
      await this.#pause(error instanceof ClusterError ? error.retryAfterMs : undefined);
    }
  }

  /** One connection from its opening to its end; what it returns is why it failed. */
  async #connect(): Promise<SlipwayError | undefined> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    // A quiet collection sends nothing for a minute: that a connection stays open is the news.
    const trial = new WatchTrial({ isSuspect: this.#wasSpurned, onSettled: () => this.#settle() });
    try {
      await this.#options.beforeConnect?.();
      if (this.#version === '' && !this.#streamingLists) {
        await this.#list(attempt.signal);
      }
      await this.#follow(attempt, trial);
      trial.spurn();
      this.#judge(trial);
      return trial.isGood ? undefined : this.#countFailure(buildClosedError(this.#options));
    } catch (error) {
      this.#judge(trial);
      return this.#classify(error);
    } finally {
      trial.dispose();
      attempt.abort();
      this.#items.abandonList();
    }
  }

  async #follow(attempt: AbortController, trial: WatchTrial): Promise<void> {
    const resuming = this.#version !== '';
    const liveness = new Liveness(this.#options.livenessMs ?? defaultLivenessMs, attempt);
    try {
      const stream = await this.#options.connection.stream({
        path: this.#options.path,
        ...(this.#options.metadataOnly ? { accept: metadataAccept } : {}),
        signal: attempt.signal,
        timeoutMs: openTimeoutMs,
        query: {
          watch: true,
          allowWatchBookmarks: true,
          timeoutSeconds: buildWatchTimeout(Math.random()),
          labelSelector: this.#options.labelSelector,
          ...(resuming
            ? { resourceVersion: this.#version }
            : { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }),
        },
      });
      if (!resuming) {
        this.#items.beginList();
      }
      trial.open();
      for await (const line of followLines(stream, () => liveness.touch())) {
        this.#take(line, trial);
      }
    } finally {
      liveness.dispose();
    }
  }

  #take(text: string, trial: WatchTrial): void {
    try {
      this.#receive(text);
    } catch (error) {
      trial.spurn();
      throw error;
    }
    trial.prove();
  }

  /** Neither opening nor a first line is a success: what ends each time must not be asked for without a pause. */
  #judge(trial: WatchTrial): void {
    if (trial.isGood) {
      this.#failures = 0;
      this.#briefs = 0;
      this.#wasSpurned = false;
      this.#wasGone = false;
    } else if (trial.wasBrief) {
      // One that we have ended ourselves says nothing.
      this.#briefs += this.#resumeAtOnce ? 0 : 1;
      this.#failures = Math.max(0, this.#briefs - forgivenBriefs);
      this.#wasSpurned = false;
    } else if (trial.wasSpurned) {
      this.#wasSpurned = true;
    }
  }

  /** For API servers before streaming lists: https://kubernetes.io/docs/reference/using-api/api-concepts/ */
  async #list(signal: AbortSignal): Promise<void> {
    this.#items.beginList();
    const { connection } = this.#options;
    const version = await listCollection({ connection, signal }, this.#options, object => {
      this.#items.keep({ ...parseObjectVersion(object), object });
    });
    this.#items.endList();
    this.#version = version;
  }

  #receive(text: string): void {
    const line = readWatchLine(this.#options, text);
    switch (line.type) {
      case 'ERROR':
        throw buildWatchError(this.#options, line);
      case 'BOOKMARK':
        if (line.endsInitialList) {
          this.#items.endList();
          this.#setLive();
        }
        break;
      case 'ADDED':
      case 'MODIFIED':
        this.#items.keep(line);
        break;
      case 'DELETED':
        this.#items.remove(line.uid);
        break;
    }
    // The objects of an initial list do not come in the order of their versions.
    if (!this.#items.isListing) {
      this.#version = line.version;
    }
  }

  #classify(error: unknown): SlipwayError | undefined {
    if (this.#resumeAtOnce || this.#disposed) {
      return undefined;
    }
    if (error instanceof ClusterError && error.kind === 'gone') {
      this.#version = '';
      // One is no fault of anybody, and a list helps; the next one says that it did not.
      this.#failures = this.#wasGone ? this.#failures : 0;
      this.#wasGone = true;
    }
    if (
      error instanceof ClusterError &&
      error.kind === 'invalid' &&
      this.#version === '' &&
      this.#streamingLists
    ) {
      this.#streamingLists = false;
      return undefined;
    }
    return this.#countFailure(error instanceof SlipwayError ? error : buildCutError(this.#options, error));
  }

  #countFailure(error: SlipwayError): SlipwayError {
    this.#failures += 1;
    return error;
  }

  /** While the initial list comes, its end is what makes it complete. */
  #settle(): void {
    if (!this.#items.isListing) {
      this.#setLive();
    }
  }

  #setLive(): void {
    if (this.#status.type !== 'live') {
      this.#setStatus({ type: 'live' });
    }
  }

  #setStale(error: SlipwayError): void {
    const previous = this.#status.type === 'stale' ? this.#status : undefined;
    if (previous?.error.message !== error.message) {
      this.#setStatus({ type: 'stale', staleSince: previous?.staleSince ?? Date.now(), error });
    }
  }

  #setStatus(status: WatchStatus): void {
    this.#status = status;
    this.#options.onStatus(status);
  }

  async #pause(retryAfterMs: number | undefined): Promise<void> {
    const failures = Math.max(0, this.#failures - 1);
    await this.#sleeper.sleep(buildWatchPause({ failures, random: Math.random(), retryAfterMs }));
  }
}
