import { sliceLines } from '../../clusters/logLines.ts';
import type { FollowerSink, LogRemark, TimedLines } from './followerSink.ts';

/** Bytes that one source may have waiting. */
const mostWaiting = 512 * 1024;
/** The others wait for a source that gives nothing for so long, in milliseconds. */
const patienceMs = 1_500;

/** Lines of one source that wait for those of the others that were written before them. */
type Lane = {
  readonly source: number;
  queue: (TimedLines | LogRemark)[];
  /** How many lines of the first of them have been given on. */
  given: number;
  bytes: number;
  done: boolean;
  late: boolean;
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
    const lane: Lane = { source, queue: [], given: 0, bytes: 0, done: false, late: false, waiters: [] };
    this.#lanes.push(lane);
    const target = this.#target;
    return {
      lines: lines => this.#offer(lane, lines),
      remark: remark => this.#offer(lane, remark),
      get isFull() {
        return lane.bytes > mostWaiting || target.isFull;
      },
      room: async () => {
        while (lane.bytes > mostWaiting && !lane.done) {
          await new Promise<void>(resolve => lane.waiters.push(resolve));
        }
        await target.room();
      },
      done: () => {
        lane.done = true;
        this.#pump();
        return this.over;
      },
    };
  }

  /** Nobody waits any more. */
  dispose(): void {
    clearTimeout(this.#timer);
    for (const lane of this.#lanes) {
      lane.done = true;
      lane.queue = [];
    }
    this.#finish();
  }

  #offer(lane: Lane, item: TimedLines | LogRemark): void {
    if (this.#isOver) {
      this.#put(lane, item);
      return;
    }
    lane.queue.push(item);
    lane.late = false;
    lane.bytes += 'ends' in item ? item.bytes.length : 0;
    this.#pump();
  }

  #pump(): void {
    for (;;) {
      const waitedFor = this.#lanes.filter(lane => lane.queue.length === 0 && !lane.done && !lane.late);
      const ready = this.#lanes.filter(lane => lane.queue.length > 0);
      if (waitedFor.length > 0 || ready.length === 0) {
        this.#keepPatience(waitedFor, ready.length > 0);
        break;
      }
      this.#takeOldest(ready);
    }
    if (!this.#isOver && this.#lanes.every(lane => lane.done && lane.queue.length === 0)) {
      this.#finish();
    }
  }

  /** Gives on the lines of the source whose next one is the oldest, as far as they are older than the others' next. */
  #takeOldest(ready: readonly Lane[]): void {
    let oldest: Lane | undefined;
    let bound = Number.POSITIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    for (const lane of ready) {
      const time = timeOfNext(lane);
      if (!oldest || time < least) {
        bound = least;
        least = time;
        oldest = lane;
      } else if (time < bound) {
        bound = time;
      }
    }
    const item = oldest?.queue[0];
    if (!oldest || !item) {
      return;
    }
    if (!('ends' in item)) {
      oldest.queue.shift();
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
    this.#put(oldest, part);
    if (oldest.bytes <= mostWaiting) {
      wakeAll(oldest);
    }
  }

  #put(lane: Lane, item: TimedLines | LogRemark): void {
    if ('ends' in item) {
      this.#target.append(item, lane.source);
    } else {
      this.#target.remark(item, lane.source);
    }
  }

  #keepPatience(waitedFor: readonly Lane[], somebodyWaits: boolean): void {
    if (!somebodyWaits || waitedFor.length === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const lane of this.#lanes) {
        lane.late ||= lane.queue.length === 0 && !lane.done;
      }
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

function wakeAll(lane: Lane): void {
  const { waiters } = lane;
  lane.waiters = [];
  for (const wake of waiters) {
    wake();
  }
}
