/** The clock and the timer of a throttle, so that tests need not wait. */
export type Timer = {
  now(): number;
  /** Calls back after `ms`; returns how to prevent it. */
  after(ms: number, callback: () => void): () => void;
};

/** The timer of this process. */
export const processTimer: Timer = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Runs an action at once when it has been quiet, then at most once per `intervalMs`, and always once more after the
 * last request. VS Code starves a tree that is refreshed more often than every 200 ms.
 */
export class Throttle {
  readonly #intervalMs: number;
  readonly #timer: Timer;
  readonly #action: () => void;
  #last = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(options: { readonly intervalMs: number; readonly timer: Timer; readonly action: () => void }) {
    this.#intervalMs = options.intervalMs;
    this.#timer = options.timer;
    this.#action = options.action;
  }

  request(): void {
    if (this.#cancel) {
      return;
    }
    const wait = this.#last + this.#intervalMs - this.#timer.now();
    if (wait <= 0) {
      this.#run();
      return;
    }
    this.#cancel = this.#timer.after(wait, () => this.#run());
  }

  dispose(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #run(): void {
    this.#cancel = undefined;
    this.#last = this.#timer.now();
    this.#action();
  }
}
