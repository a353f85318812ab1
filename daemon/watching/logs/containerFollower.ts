import { ClusterError } from '../../clusters/clusterError.ts';
import { writeSeconds } from '../../clusters/logStamp.ts';
import { buildWatchPause } from '../../clusters/watchBackoff.ts';
import type { ContainerFacts, ContainerRun, PodFacts } from '../../model/podFacts.ts';
import { describeContainerEnd } from '../../model/podFailure.ts';
import type { LogSource } from '../../protocol/log.ts';
import type { FollowerSink } from './followerSink.ts';
import { buildPodGone, buildPreviousLost, buildRunsLost } from './gapWords.ts';
import { LineIntake } from './lineIntake.ts';
import { type LogPlace, lookAtContainer, openRun } from './openRun.ts';
import { ResumeWindow } from './resumeWindow.ts';
import { type CutReason, StreamWatch } from './streamWatch.ts';

/** Which lines that were written before now are wanted; everything where nothing is said. */
export type LogSelection = { readonly tailLines?: number; readonly sinceSeconds?: number };

/** What a follower needs, and who hears of it. */
export type ContainerFollowerOptions = {
  readonly place: LogPlace;
  /** The pod as the watch knows it. */
  readonly pod: PodFacts;
  readonly selection: LogSelection;
  /** True: reads the run before the last restart, and follows nothing. */
  readonly previous: boolean;
  readonly sink: FollowerSink;
  /** Told when everything that was written before now has been read; resolves when the others have read theirs. */
  readonly onHistory: () => Promise<void>;
  /** Awaited before each connection: throws while the right cluster does not answer. */
  readonly confirmIdentity: () => Promise<void>;
  /** Told of every connection that failed or broke. */
  readonly onBreak: () => void;
  readonly onState: (state: LogSource['state'], reason?: string) => void;
  /** A connection that was silent so long is opened anew, in milliseconds: it may be dead, or the log rotated. */
  readonly quietMs: number;
};

/** The cluster is asked again after this time although nothing was told, in milliseconds. */
const askAgainMs = 30_000;
/** A connection that was open so long was a success, also without a byte. */
const goodMs = 1_000;
/** The log of the run before may come a little later than the news of the restart. */
const previousTries = 5;

/** The run that is read, how often the container had been restarted then, and how many lines there were before it. */
type FollowedRun = ContainerRun & { restarts: number; readonly receivedBefore: number };

/** How many of what the runtime wrote last are asked for to know where a log ends. */
const anchorLines = 10;

/** `now`: go on at once; `again`: go on, with a pause when nothing came; `wait`: until there is news. */
type Next = 'now' | 'again' | 'wait' | 'end';

/**
 * Follows the log of one container of one pod over cut connections, restarts and rotations, every line once and in its
 * order, until its pod is gone. What cannot be had becomes a gap.
 */
export class ContainerFollower {
  readonly #options: ContainerFollowerOptions;
  readonly #disposal = new AbortController();
  readonly #window = new ResumeWindow();
  readonly #intake: LineIntake;
  readonly #begunAt = Date.now();
  #watched: PodFacts | undefined;
  #run: FollowedRun | undefined;
  /** Everything that the present run wrote has been read. */
  #complete = false;
  /** The last connection ended as one does whose log has ended. */
  #endedCleanly = false;
  #history = true;
  #openedAt = Number.POSITIVE_INFINITY;
  #failures = 0;
  #previousFailures = 0;
  #stream: StreamWatch | undefined;
  #wake: (() => void) | undefined;

  constructor(options: ContainerFollowerOptions) {
    this.#options = options;
    this.#watched = options.pod;
    this.#intake = new LineIntake(this.#window, options.sink);
  }

  start(): void {
    void this.#follow();
  }

  /** What the watch says of the pod now; absent when it has gone. */
  update(pod: PodFacts | undefined): void {
    const before = this.#describeWatched();
    this.#watched = pod;
    if (before !== this.#describeWatched()) {
      this.#wake?.();
    }
    this.#tellStream();
  }

  /** The cluster answers again. */
  reconnect(): void {
    this.#wake?.();
    this.#stream?.renewUnlessBusy();
  }

  dispose(): void {
    this.#disposal.abort();
    this.#stream?.end('disposed');
    this.#wake?.();
  }

  get #isDisposed(): boolean {
    return this.#disposal.signal.aborted;
  }

  async #follow(): Promise<void> {
    while (!this.#isDisposed) {
      const begun = performance.now();
      this.#openedAt = Number.POSITIVE_INFINITY;
      const received = this.#intake.received;
      try {
        const next = await this.#attempt();
        if (next === 'end' || this.#isDisposed) {
          break;
        }
        if (next === 'wait') {
          await this.#sleep(askAgainMs);
        } else if (
          next === 'again' &&
          this.#intake.received === received &&
          performance.now() - begun < goodMs
        ) {
          // A log that ends as soon as it is opened must not be asked for without a pause.
          await this.#pause(undefined);
        } else {
          this.#failures = 0;
        }
      } catch (error) {
        if (this.#isDisposed) {
          break;
        }
        this.#endedCleanly = false;
        if (this.#intake.received > received || performance.now() - this.#openedAt > goodMs) {
          this.#failures = 0;
        }
        await this.#fail(error);
      }
    }
    void this.#options.onHistory();
  }

  async #attempt(): Promise<Next> {
    const { place, confirmIdentity, onState } = this.#options;
    await confirmIdentity();
    const look = await lookAtContainer(place, this.#disposal.signal);
    if (look.type === 'gone') {
      this.#finishGone();
      return 'end';
    }
    const { pod, container } = look;
    if (this.#options.previous) {
      return await this.#readPreviousOnly(container);
    }
    if (!container.run) {
      this.#history = false;
      void this.#options.onHistory();
      onState('waiting', describeWaiting(container));
      return 'wait';
    }
    this.#run ??= { ...container.run, restarts: container.restarts, receivedBefore: 0 };
    if (this.#run.id !== container.run.id) {
      return await this.#readEarlier(this.#run, container);
    }
    if (container.state.type === 'running') {
      this.#run.restarts = container.restarts;
      this.#complete = false;
      return await this.#readRunning(this.#run);
    }
    if (!this.#complete) {
      return await this.#readEnded(this.#run);
    }
    return this.#rest(pod, container);
  }

  /** Everything is read and nothing runs: a restart may bring more. */
  #rest(pod: PodFacts, container: ContainerFacts): Next {
    this.#leaveHistory();
    const over = pod.phase === 'Succeeded' || pod.phase === 'Failed';
    const done =
      container.init && container.state.type === 'terminated' && container.state.end.exitCode === 0;
    this.#options.onState(over || done ? 'ended' : 'waiting', describeWaiting(container));
    return over ? 'end' : 'wait';
  }

  async #readRunning(run: ContainerRun): Promise<Next> {
    if (this.#history) {
      return (await this.#readHistory(run)) ? 'now' : 'again';
    }
    const ended = await this.#read({ ...run, previous: false }, { follow: true, ...this.#partOfRun() });
    this.#endedCleanly = ended === 'closed' || ended === 'drained';
    return 'again';
  }

  /** True when everything that was written before now has been read. */
  async #readHistory(run: ContainerRun): Promise<boolean> {
    const { selection } = this.#options;
    const isChosen = selection.tailLines !== undefined || selection.sinceSeconds !== undefined;
    const part: LogSelection & { sinceTime?: string } = this.#window.isEmpty
      ? this.#select()
      : this.#partOfRun();
    if (part.tailLines !== 0) {
      const ended = await this.#read({ ...run, previous: false }, { follow: false, ...part });
      if (ended !== 'closed') {
        return false;
      }
    }
    if (isChosen && this.#window.isEmpty && !(await this.#anchor(run))) {
      return false;
    }
    this.#history = false;
    await Promise.race([this.#options.onHistory(), this.#aborted()]);
    return true;
  }

  /** The run is over: what is left of it, with a last line that has no end. */
  async #readEnded(run: ContainerRun): Promise<Next> {
    const part = this.#history && this.#window.isEmpty ? this.#select() : this.#partOfRun();
    const ended = await this.#read({ ...run, previous: false }, { follow: false, ...part });
    if (ended === 'closed') {
      this.#finishRun();
    }
    return 'again';
  }

  /** The container was restarted since: the run that was read last may have written more. */
  async #readEarlier(run: FollowedRun, container: ContainerFacts): Promise<Next> {
    const { previousRun } = container;
    if (previousRun?.id === run.id) {
      if (!this.#complete && !(await this.#readRestOf(run))) {
        return 'again';
      }
      this.#enter(container.run, container);
      return 'again';
    }
    const missing = !this.#complete || container.restarts - run.restarts > 2;
    if (missing) {
      const until = Date.parse(previousRun?.startedAt ?? container.run?.startedAt ?? '') * 1000;
      this.#remark(
        'gap',
        buildRunsLost({ from: this.#intake.lastTime, ...(Number.isNaN(until) ? {} : { until }) }),
      );
    }
    this.#intake.restart();
    this.#enter(previousRun ?? container.run, container);
    return 'again';
  }

  /** True when nothing more of the run is to be had. */
  async #readRestOf(run: ContainerRun): Promise<boolean> {
    try {
      const ended = await this.#read({ ...run, previous: true }, { follow: false, ...this.#partOfRun() });
      if (ended !== 'closed') {
        return false;
      }
      this.#finishRun();
    } catch (error) {
      const absent = error instanceof ClusterError && (error.kind === 'notFound' || error.kind === 'invalid');
      this.#previousFailures += absent ? 1 : 0;
      if (!absent || this.#previousFailures < previousTries) {
        throw error;
      }
      const reason = error.message;
      this.#intake.reconnect();
      this.#intake.explainLoss(span => buildPreviousLost(span, reason));
    }
    this.#previousFailures = 0;
    return true;
  }

  #enter(run: ContainerRun | undefined, container: ContainerFacts): void {
    if (!run) {
      return;
    }
    this.#leaveHistory();
    const end = container.lastEnd ? ` (${describeContainerEnd(container.lastEnd)})` : '';
    this.#remark('notice', `Container ${container.name} was restarted${end}.`);
    this.#intake.finishPart();
    this.#run = { ...run, restarts: container.restarts, receivedBefore: this.#intake.received };
    this.#complete = false;
    this.#endedCleanly = false;
  }

  async #readPreviousOnly(container: ContainerFacts): Promise<Next> {
    const { previousRun } = container;
    if (!previousRun) {
      this.#options.onState('ended', `Container ${container.name} has not been restarted.`);
      return 'end';
    }
    const part = this.#window.isEmpty ? this.#select() : this.#partOfRun();
    const ended = await this.#read({ ...previousRun, previous: true }, { follow: false, ...part });
    if (ended !== 'closed') {
      return 'again';
    }
    this.#finishRun();
    this.#options.onState('ended');
    return 'end';
  }

  /** The lines of a run from where it is known on. */
  #partOfRun(): { readonly sinceTime?: string } {
    const isFresh = this.#run !== undefined && this.#intake.received === this.#run.receivedBefore;
    // What was looked for in vain in the run before is looked for in this one, too.
    return this.#window.isEmpty || (isFresh && !this.#intake.isSearching)
      ? {}
      : { sinceTime: writeSeconds(this.#window.sinceSecond) };
  }

  #select(): LogSelection {
    const { tailLines, sinceSeconds } = this.#options.selection;
    const passed = Math.ceil((Date.now() - this.#begunAt) / 1000);
    return {
      ...(tailLines === undefined ? {} : { tailLines }),
      ...(sinceSeconds === undefined ? {} : { sinceSeconds: sinceSeconds + passed }),
    };
  }

  /** Nothing of what there is was wanted: remembers its end, so that what comes after can be told from it. */
  async #anchor(run: ContainerRun): Promise<boolean> {
    const query = { follow: false, tailLines: anchorLines };
    const stream = await openRun(
      this.#options.place,
      { ...run, previous: false },
      query,
      this.#disposal.signal,
    );
    if (!stream) {
      return false;
    }
    for await (const chunk of stream) {
      this.#intake.anchor(asBuffer(chunk));
    }
    return true;
  }

  async #read(
    run: ContainerRun & { readonly previous: boolean },
    query: { readonly follow: boolean; readonly sinceTime?: string } & LogSelection,
  ): Promise<CutReason | 'closed' | 'another'> {
    const { place, sink, onState, quietMs } = this.#options;
    const watch = new StreamWatch({ follow: query.follow, quietMs, intake: this.#intake });
    this.#stream = watch;
    try {
      const stream = await openRun(place, run, query, AbortSignal.any([watch.signal, this.#disposal.signal]));
      if (!stream) {
        return 'another';
      }
      this.#openedAt = performance.now();
      this.#prepareIntake(query);
      onState('live');
      this.#tellStream();
      for await (const chunk of stream) {
        watch.heard();
        this.#intake.push(asBuffer(chunk));
        if (sink.isFull) {
          await watch.whileBlocked(sink.room());
        }
      }
      return 'closed';
    } catch (error) {
      if (watch.reason !== undefined) {
        return watch.reason;
      }
      throw error;
    } finally {
      watch.dispose();
      this.#stream = undefined;
    }
  }

  #prepareIntake(query: { readonly sinceTime?: string }): void {
    if (query.sinceTime === undefined) {
      this.#intake.restart();
    } else if (this.#run && this.#intake.received === this.#run.receivedBefore && this.#intake.isSearching) {
      this.#intake.continue();
    } else {
      this.#intake.reconnect();
    }
  }

  #tellStream(): void {
    const stream = this.#stream;
    if (!stream || !this.#run) {
      return;
    }
    const pod = this.#watched;
    if (!pod) {
      stream.drain('gone');
      return;
    }
    const seen = pod.containers.find(({ name }) => name === this.#options.place.container)?.run;
    if (seen && seen.id !== this.#run.id) {
      stream.drain('restarted');
    }
  }

  #finishRun(): void {
    this.#intake.flush();
    this.#complete = true;
    this.#endedCleanly = true;
  }

  #finishGone(): void {
    const { pod, onState } = this.#options;
    this.#intake.giveUp();
    if (this.#complete || this.#endedCleanly) {
      this.#intake.flush();
    } else if (this.#run || hasRun(this.#watched ?? pod, this.#options.place.container)) {
      const begun = Date.parse(this.#run?.startedAt ?? pod.createdAt) * 1000;
      const from = this.#intake.lastTime ?? begun;
      this.#remark('gap', buildPodGone({ from, until: Math.max(from, Date.now() * 1000) }));
    }
    onState('ended', 'The pod was deleted.');
  }

  #remark(kind: 'gap' | 'notice', text: string): void {
    this.#intake.remark({ kind, text, time: this.#intake.lastTime ?? Date.now() * 1000 });
  }

  #leaveHistory(): void {
    if (this.#history) {
      this.#history = false;
      void this.#options.onHistory();
    }
  }

  async #fail(error: unknown): Promise<void> {
    const { onState, onBreak } = this.#options;
    const known = error instanceof ClusterError ? error : undefined;
    if (known?.kind === 'invalid') {
      // The container has not begun yet.
      onState('waiting', known.message);
    } else if (known?.kind === 'forbidden') {
      onState('failed', known.message);
      await this.#sleep(askAgainMs);
      return;
    } else {
      onState('reconnecting', describeBreak(error));
    }
    if (known === undefined || known.kind === 'unreachable') {
      onBreak();
    }
    await this.#pause(known?.retryAfterMs);
  }

  async #pause(retryAfterMs: number | undefined): Promise<void> {
    const failures = this.#failures;
    this.#failures += 1;
    await this.#sleep(buildWatchPause({ failures, random: Math.random(), retryAfterMs }));
  }

  async #sleep(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
    clearTimeout(timer);
  }

  async #aborted(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#disposal.signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
  }

  /** What of the watch's news matters to the log. */
  #describeWatched(): string {
    const pod = this.#watched;
    const container = pod?.containers.find(({ name }) => name === this.#options.place.container);
    return pod ? `${pod.phase} ${container?.run?.id} ${container?.state.type} ${container?.restarts}` : '';
  }
}

function hasRun(pod: PodFacts, name: string): boolean {
  return pod.containers.find(container => container.name === name)?.run !== undefined;
}

function describeWaiting({ state }: ContainerFacts): string | undefined {
  switch (state.type) {
    case 'waiting':
      return state.message ?? (state.reason || undefined);
    case 'terminated':
      return describeContainerEnd(state.end);
    case 'running':
      return undefined;
  }
}

function describeBreak(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
