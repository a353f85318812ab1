/** What a container's log gave last: enough to go on exactly there over a new connection. */
export class ResumeWindow {
  #second = Number.NEGATIVE_INFINITY;
  /** The keys of the lines of the newest second, and of the one before it. */
  #newest: number[] = [];
  #older: number[] = [];
  #lastKey = 0;
  /** When the newest line was written, in microseconds since 1970. */
  #newestTime = Number.NEGATIVE_INFINITY;
  #isLimited = false;
  #firstSecond = Number.NEGATIVE_INFINITY;

  /** True before the first line. */
  get isEmpty(): boolean {
    return this.#newest.length === 0;
  }

  /** From which second on the log is asked for again; the API server knows no finer time. */
  get sinceSecond(): number {
    return this.#second - 1;
  }

  /** A log is read: with `isLimited` from a line on before which others may stand, which were not wanted. */
  begin({ isLimited }: { readonly isLimited: boolean }): void {
    this.#isLimited = isLimited;
  }

  /** A line was received: its key, and when it was written, in seconds and in microseconds. */
  saw(key: number, second: number, time: number): void {
    if (time > this.#newestTime) {
      this.#newestTime = time;
    }
    if (second > this.#second) {
      if (this.isEmpty) {
        this.#firstSecond = second;
      }
      this.#older = second === this.#second + 1 ? this.#newest : [];
      this.#newest = [];
      this.#second = second;
    }
    if (second === this.#second) {
      this.#newest.push(key);
    } else if (second === this.#second - 1) {
      this.#older.push(key);
    } else {
      // Older lines do not come again.
      return;
    }
    this.#lastKey = key;
  }

  /** What has to come again before anything new. */
  resume(): CatchUp {
    const counts = new Map<number, number>();
    for (const key of this.#older) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const key of this.#newest) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    // What was not wanted comes again as long as the first line that was does.
    const hasUnwanted = this.#isLimited && this.#firstSecond >= this.sinceSecond;
    return new CatchUp({
      counts,
      lastKey: this.#lastKey,
      second: this.#second,
      unwantedBefore: hasUnwanted ? this.#newestTime : Number.NEGATIVE_INFINITY,
    });
  }
}

/**
 * What a line means that came over a new connection: `old` was received before; `new` was not; `held` may be either,
 * which the lines after it tell; with `found` everything up to here was received before, what is held included;
 * with `lost` what was received last did not come again, so that lines may be missing before what is held.
 */
export type CatchUpVerdict = 'old' | 'held' | 'found' | 'lost' | 'new';

/**
 * Finds in a log that is read again the place up to which it is known. A log only grows at its end, so everything up to
 * the line that was received last is old. Where that line is gone (the log was rotated), the lines that are known are
 * left out one by one, and the rest is new. Lines that were not wanted when the log was opened are not known, and there
 * may be any number of them: an older time than that of the newest line which was received tells them.
 */
export class CatchUp {
  readonly #counts: Map<number, number>;
  readonly #lastKey: number;
  readonly #second: number;
  readonly #unwantedBefore: number;
  #searching = true;
  #done = false;

  constructor(known: {
    readonly counts: Map<number, number>;
    readonly lastKey: number;
    readonly second: number;
    /** A line that is not known and older, in microseconds since 1970, was not wanted when the log was opened. */
    readonly unwantedBefore: number;
  }) {
    this.#counts = known.counts;
    this.#lastKey = known.lastKey;
    this.#second = known.second;
    this.#unwantedBefore = known.unwantedBefore;
  }

  /** True when every line from here on is new. */
  get isDone(): boolean {
    return this.#done;
  }

  /** True while it is not known whether lines are missing. */
  get isSearching(): boolean {
    return this.#searching && !this.#done;
  }

  /** Judges the next line, which was written at a time in seconds and in microseconds. */
  offer(key: number, second: number, time: number): CatchUpVerdict {
    const count = this.#counts.get(key);
    if (count !== undefined) {
      if (count > 1) {
        this.#counts.set(key, count - 1);
        return 'old';
      }
      this.#counts.delete(key);
      if (key !== this.#lastKey) {
        return 'old';
      }
      this.#done = true;
      return this.#searching ? 'found' : 'old';
    }
    if (this.#searching && time < this.#unwantedBefore) {
      return 'old';
    }
    // Two streams of a container may be written a little out of order, but not by seconds.
    if (second <= this.#second + 1) {
      return this.#searching ? 'held' : 'new';
    }
    if (this.#searching) {
      return 'lost';
    }
    this.#done = true;
    return 'new';
  }

  /** The same, as it is now. */
  clone(): CatchUp {
    const copy = new CatchUp({
      counts: new Map(this.#counts),
      lastKey: this.#lastKey,
      second: this.#second,
      unwantedBefore: this.#unwantedBefore,
    });
    copy.#searching = this.#searching;
    copy.#done = this.#done;
    return copy;
  }

  /** The line that was received last will not come again. Lines that are known are still left out. */
  giveUp(): void {
    this.#searching = false;
  }
}
