import { sliceLines } from '../../clusters/logLines.ts';
import type { FollowerSink, LogRemark, TimedLines } from './followerSink.ts';
import { MinHeap } from './minHeap.ts';
import { yieldTurn } from './runSlice.ts';

/** Bytes that one source may have waiting, and all of them together; each of hundreds may have a little. */
const waiting = { most: 512 * 1024, together: 16 * 1024 * 1024, least: 64 * 1024 };
/** The others wait for a source that gives nothing for so long, in milliseconds. */
const patienceMs = 1_500;
/** How long at a time the daemon does nothing else, in milliseconds: hundreds of sources have a lot to be put in order. */
const sliceMs = 8;

/** Lines of one source that wait for those of the others that were written before them. */
type Lane = {
  readonly source: number;
  queue: (TimedLines | LogRemark)[];
  /** How many lines of the first of them have been given on. */
  given: number;
  bytes: number;
  done: boolean;
  waiters: (() => void)[];
};

/** Where merged entries go. */
export type MergeTarget = {
  append(lines: TimedLines, source: number): void;
  remark(remark: LogRemark, source: number): void;
  readonly isFull: boolean;
  room(): Promise<void>;
};

/**
 * Puts what several sources wrote before a log was opened in the order of its times, each source in its own order. What
 * comes after that goes straight on, as it comes.
 */
export class HistoryMerge {
  readonly #target: MergeTarget;
  readonly #lanes: Lane[] = [];
  /** Those that have something, the oldest first; of two of one time the one that joined first. */
  readonly #ready = new MinHeap<Lane>(isOlder);
  /** Those that have nothing now and are waited for. */
  readonly #awaited = new Set<Lane>();
  /** Others have a turn. */
  #isResting = false;
  readonly #over = Promise.withResolvers<void>();
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(target: MergeTarget) {
    this.#target = target;
  }

  /** Resolves when every source has given everything that it had. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** A source that takes part: all of them must be known before the first is done. */
  join(source: number): FollowerSink & { readonly done: () => Promise<void> } {
    const lane: Lane = { source, queue: [], given: 0, bytes: 0, done: false, waiters: [] };
    this.#lanes.push(lane);
    this.#awaited.add(lane);
    const target = this.#target;
    const hasRoom = () => lane.bytes <= this.#mostWaiting;
    return {
      lines: lines => this.#offer(lane, lines),
      remark: remark => this.#offer(lane, remark),
      get isFull() {
        return !hasRoom() || target.isFull;
      },
      room: async () => {
        while (!hasRoom() && !lane.done) {
          await new Promise<void>(resolve => lane.waiters.push(resolve));
        }
        await target.room();
      },
      done: () => {
        lane.done = true;
        this.#awaited.delete(lane);
        this.#pump();
        return this.over;
      },
    };
  }

  get #mostWaiting(): number {
    return Math.max(waiting.least, Math.min(waiting.most, waiting.together / this.#lanes.length));
  }

  /** Nobody waits any more. */
  dispose(): void {
    clearTimeout(this.#timer);
    for (const lane of this.#lanes) {
      lane.done = true;
      lane.queue = [];
    }
    this.#ready.clear();
    this.#awaited.clear();
    this.#finish();
  }

  #offer(lane: Lane, item: TimedLines | LogRemark): void {
    if (this.#isOver) {
      this.#put(lane, item);
      return;
    }
    lane.queue.push(item);
    lane.bytes += 'ends' in item ? item.bytes.length : 0;
    if (lane.queue.length === 1) {
      this.#awaited.delete(lane);
      this.#ready.push(lane);
    }
    this.#pump();
  }

  #pump(): void {
    if (this.#isResting || this.#isOver) {
      return;
    }
    const end = performance.now() + sliceMs;
    for (let steps = 1; this.#awaited.size === 0 && this.#ready.least; steps += 1) {
      this.#takeOldest();
      if (this.#target.isFull || ((steps & 15) === 0 && performance.now() > end)) {
        void this.#rest();
        return;
      }
    }
    this.#keepPatience();
    if (!this.#ready.least && this.#lanes.every(lane => lane.done)) {
      this.#finish();
    }
  }

  async #rest(): Promise<void> {
    this.#isResting = true;
    await this.#target.room();
    await yieldTurn();
    this.#isResting = false;
    this.#pump();
  }

  /** Gives on the lines of the source whose next one is the oldest, as far as they are older than the others' next. */
  #takeOldest(): void {
    const oldest = this.#ready.least;
    const { second } = this.#ready;
    const bound = second ? timeOfNext(second) : Number.POSITIVE_INFINITY;
    const item = oldest?.queue[0];
    if (!oldest || !item) {
      return;
    }
    if (!('ends' in item)) {
      oldest.queue.shift();
      this.#settle(oldest);
      this.#put(oldest, item);
      return;
    }
    const from = oldest.given;
    let to = from + 1;
    while (to < item.times.length && (item.times[to] ?? 0) <= bound) {
      to += 1;
    }
    const part = { ...sliceLines(item, from, to), times: item.times.slice(from, to) };
    oldest.given = to;
    if (to === item.times.length) {
      oldest.queue.shift();
      oldest.given = 0;
    }
    oldest.bytes -= part.bytes.length;
    this.#settle(oldest);
    this.#put(oldest, part);
    if (oldest.bytes <= this.#mostWaiting) {
      wakeAll(oldest);
    }
  }

  /** The oldest has given something on: another is the oldest now. */
  #settle(oldest: Lane): void {
    if (oldest.queue.length > 0) {
      this.#ready.sink();
      return;
    }
    this.#ready.pop();
    if (!oldest.done) {
      this.#awaited.add(oldest);
    }
  }

  #put(lane: Lane, item: TimedLines | LogRemark): void {
    if ('ends' in item) {
      this.#target.append(item, lane.source);
    } else {
      this.#target.remark(item, lane.source);
    }
  }

  #keepPatience(): void {
    if (!this.#ready.least || this.#awaited.size === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#awaited.clear();
      this.#pump();
    }, patienceMs);
  }

  #finish(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    for (const lane of this.#lanes) {
      wakeAll(lane);
    }
    this.#over.resolve();
  }
}

function timeOfNext({ queue: [item], given }: Lane): number {
  return (item && ('ends' in item ? item.times[given] : item.time)) ?? Number.NEGATIVE_INFINITY;
}

function isOlder(one: Lane, other: Lane): boolean {
  const difference = timeOfNext(one) - timeOfNext(other);
  return difference < 0 || (difference === 0 && one.source < other.source);
}

function wakeAll(lane: Lane): void {
  const { waiters } = lane;
  lane.waiters = [];
  for (const wake of waiters) {
    wake();
  }
}
