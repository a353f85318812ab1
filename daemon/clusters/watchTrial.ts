/** A connection that was open so long was a success, also without a byte: one that ends before is to be asked for less often. */
const goodMs = 1_000;
/** What answers instead of a watch does so at once: a connection that is still open then has most likely one. */
const settleMs = 50;

/** What one connection of a watch has shown of itself: what only opens may be an error, a web page or nothing. */
export class WatchTrial {
  readonly #settleMs: number;
  readonly #onSettled: () => void;
  #opened = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isProven = false;
  #isSpurned = false;

  /** One that follows an answer that was no watch has to be open for longer: that answer may only be slower. */
  constructor(options: { readonly isSuspect: boolean; readonly onSettled: () => void }) {
    this.#settleMs = options.isSuspect ? goodMs : settleMs;
    this.#onSettled = options.onSettled;
  }

  /** The answer has begun. */
  open(): void {
    this.#opened = performance.now();
    this.#timer = setTimeout(() => this.#onSettled(), this.#settleMs);
  }

  /** A line came that a watch would write. */
  prove(): void {
    if (!this.#isProven) {
      this.#isProven = true;
      clearTimeout(this.#timer);
      this.#onSettled();
    }
  }

  /** What came is no watch: an error, or nothing that can be understood. */
  spurn(): void {
    this.#isSpurned = true;
  }

  /** True once the connection was a success, however it ended. */
  get isGood(): boolean {
    return this.#age >= goodMs;
  }

  /** True when the connection was a watch as far as anybody could tell, but lived only for a moment. */
  get wasBrief(): boolean {
    return !this.isGood && (this.#isProven || (!this.#isSpurned && this.#age >= this.#settleMs));
  }

  /** True when the answer was no watch. */
  get wasSpurned(): boolean {
    return this.#isSpurned && !this.isGood && !this.#isProven;
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  /** Negative before it was opened. */
  get #age(): number {
    return performance.now() - this.#opened;
  }
}
