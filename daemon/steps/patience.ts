import { pause } from './pause.ts';

/** Tells the time in milliseconds, from any beginning. */
export type Clock = () => number;

/** Time by a clock that nobody sets. */
export const readClock: Clock = () => performance.now();

/** The time that one try is believed to have taken, in milliseconds: a cluster has less than that for its answer. */
const tryMs = 15_000;

/** How often work that takes minutes is counted, in milliseconds. */
const countMs = 5_000;

/**
 * For how long something is waited for. It counts the time in which what is waited for could have come: a machine that
 * sleeps tries nothing, and would find its patience used up at the moment when it wakes.
 */
export class Patience {
  readonly #limitMs: number;
  readonly #now: Clock;
  #countedAt: number;
  #pausedMs = 0;
  #spentMs = 0;

  constructor(limitMs: number, now: Clock = readClock) {
    this.#limitMs = limitMs;
    this.#now = now;
    this.#countedAt = now();
  }

  /** True when more time was counted than there was. */
  get isOver(): boolean {
    return this.#spentMs > this.#limitMs;
  }

  /**
   * Counts a try that has just ended and the pause before it; of a longer time the rest was a jump of the clock. True
   * when there was one.
   */
  count(): boolean {
    const now = this.#now();
    const passedMs = now - this.#countedAt;
    const longestMs = this.#pausedMs + tryMs;
    this.#spentMs += Math.min(passedMs, longestMs);
    this.#countedAt = now;
    this.#pausedMs = 0;
    return passedMs > longestMs;
  }

  /** Counts bit by bit while one try takes minutes, since all at once they would be taken for a jump. */
  async countWhile<T>(work: () => Promise<T>): Promise<T> {
    const counting = setInterval(() => this.count(), countMs);
    try {
      return await work();
    } finally {
      clearInterval(counting);
    }
  }

  /** Waits before the next try for something that takes no longer than `milliseconds`. */
  pauseFor(milliseconds: number, something: Promise<void>): Promise<void> {
    this.#pausedMs = milliseconds;
    return something;
  }

  /** Waits before the next try, no longer than until the signal aborts. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.pauseFor(milliseconds, pause(milliseconds, signal));
  }
}
