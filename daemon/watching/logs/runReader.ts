import { setTimeout as wait } from 'node:timers/promises';
import { writeSeconds } from '../../clusters/logStamp.ts';
import { type LogQuery, openLogStream } from '../../clusters/logStream.ts';
import type { FollowerSink } from './followerSink.ts';
import { LineIntake } from './lineIntake.ts';
import { type LogPlace, openRun } from './openRun.ts';
import { ReadPace } from './readPace.ts';
import { ResumeWindow } from './resumeWindow.ts';
import { type CutReason, StreamWatch } from './streamWatch.ts';

/** Which lines that were written before now are wanted; everything where nothing is said. */
export type LogSelection = { readonly tailLines?: number; readonly sinceSeconds?: number };

/** How a connection ended: `closed` by the other side, which has no more; `another`: it was another run's. */
export type ReadEnd = CutReason | 'closed' | 'another';

/** What is read over a connection. */
export type ReadPart = Pick<LogQuery, 'follow' | 'sinceTime' | 'sinceSeconds' | 'tailLines'>;

/** How many of what the runtime wrote last are asked for to know where a log ends. */
const anchorLines = 10;

/** Reads the log of one container, one connection after another, and gives on each line once. */
export class RunReader {
  readonly intake: LineIntake;
  readonly #window = new ResumeWindow();
  readonly #place: LogPlace;
  readonly #sink: FollowerSink;
  readonly #quietMs: number;
  readonly #signal: AbortSignal;
  readonly #onOpened: () => void;
  #stream: StreamWatch | undefined;
  #openedAt = Number.POSITIVE_INFINITY;
  /** Until a line comes, another part of the log is the continuation of the one before. */
  #partBegan = 0;

  constructor(options: {
    readonly place: LogPlace;
    readonly sink: FollowerSink;
    /** A connection that is silent so long is opened anew, in milliseconds. */
    readonly quietMs: number;
    readonly signal: AbortSignal;
    readonly onOpened: () => void;
  }) {
    this.#place = options.place;
    this.#sink = options.sink;
    this.#quietMs = options.quietMs;
    this.#signal = options.signal;
    this.#onOpened = options.onOpened;
    this.intake = new LineIntake(this.#window, options.sink);
  }

  /** The connection that is open. */
  get stream(): StreamWatch | undefined {
    return this.#stream;
  }

  /** True before the first line. */
  get hasNothing(): boolean {
    return this.#window.isEmpty;
  }

  /** How long the last connection was open, in milliseconds; 0 when it was not. */
  get openMs(): number {
    return Math.max(0, performance.now() - this.#openedAt);
  }

  /** The lines that come from here on are another part of the log: what was looked for in vain may be among them. */
  beginPart(): void {
    this.intake.finishPart();
    this.#partBegan = this.intake.known;
  }

  /** What is not known yet of the part that is read. */
  rest(): { readonly sinceTime?: string } {
    const isNew = this.intake.known === this.#partBegan;
    return this.#window.isEmpty || (isNew && !this.intake.isSearching)
      ? {}
      : { sinceTime: writeSeconds(this.#window.sinceSecond) };
  }

  /** Reads a part of a run's log; every line of it that was received before is left out. Throws a ClusterError. */
  async read(run: { readonly id: string; readonly previous: boolean }, part: ReadPart): Promise<ReadEnd> {
    return await this.#use(
      part.follow,
      signal => openRun(this.#place, run, part, signal),
      () => {
        this.#prepare(part, run.previous);
        this.#onOpened();
      },
    );
  }

  /**
   * What was received last is not in the log any more: the container was restarted, which the cluster may say only
   * later, or the log was rotated. The previous log tells: looks for it there, whoever's it is. Throws a ClusterError.
   */
  async searchPrevious(): Promise<ReadEnd> {
    const { connection, namespace, pod, container } = this.#place;
    const sinceTime = writeSeconds(this.#window.sinceSecond);
    this.intake.reconnect({ stopWhenLost: false });
    return await this.#use(
      false,
      signal =>
        openLogStream(
          { connection, signal },
          { namespace, pod, container, follow: false, previous: true, sinceTime },
        ),
      () => undefined,
    );
  }

  /** Nothing of what there is was wanted: remembers its end, so that what comes after can be told from it. */
  async anchor(run: { readonly id: string }): Promise<boolean> {
    const part = { follow: false, tailLines: anchorLines };
    const stream = await openRun(this.#place, { id: run.id, previous: false }, part, this.#signal);
    if (!stream) {
      return false;
    }
    for await (const chunk of stream) {
      this.intake.anchor(asBuffer(chunk));
    }
    return true;
  }

  async #use(
    follow: boolean,
    open: (signal: AbortSignal) => Promise<AsyncIterable<Uint8Array> | undefined>,
    prepare: () => void,
  ): Promise<ReadEnd> {
    const watch = new StreamWatch({ follow, quietMs: this.#quietMs, intake: this.intake });
    this.#stream = watch;
    this.#openedAt = Number.POSITIVE_INFINITY;
    try {
      const stream = await open(AbortSignal.any([watch.signal, this.#signal]));
      if (!stream) {
        return 'another';
      }
      this.#openedAt = performance.now();
      prepare();
      await this.#take(stream, watch);
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

  async #take(stream: AsyncIterable<Uint8Array>, watch: StreamWatch): Promise<void> {
    const pace = new ReadPace(performance.now());
    for await (const chunk of stream) {
      watch.heard();
      this.intake.push(asBuffer(chunk));
      if (this.intake.isLost) {
        watch.end('lost');
      }
      if (this.#sink.isFull) {
        await watch.whileBlocked(this.#sink.room());
      }
      const restMs = pace.restAfter(chunk.length, performance.now());
      if (restMs > 0) {
        await wait(restMs);
      }
    }
  }

  #prepare({ sinceTime, tailLines, sinceSeconds }: ReadPart, isPrevious: boolean): void {
    if (sinceTime === undefined) {
      this.intake.restart({ isLimited: tailLines !== undefined || sinceSeconds !== undefined });
    } else if (this.intake.known === this.#partBegan && this.intake.isSearching) {
      this.intake.continue();
    } else {
      this.intake.reconnect({ stopWhenLost: !isPrevious });
    }
  }
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
