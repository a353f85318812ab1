import { type Clock, readClock } from './patience.ts';

/** For how long an answer is good that was asked for before it was needed, in milliseconds. */
const freshMs = 1_000;

/** An answer that is asked for before it is needed, and counts only for a moment: it tells how the world is now. */
export class LookAhead<T> {
  readonly #now: Clock;
  #begun: { readonly at: number; readonly answer: Promise<T> } | undefined;

  constructor(now: Clock = readClock) {
    this.#now = now;
  }

  /** Takes the place of what was begun before. */
  begin(answer: Promise<T>): void {
    // Whoever takes it hears why it failed.
    answer.catch(() => {});
    this.#begun = { at: this.#now(), answer };
  }

  /** The answer, once; `undefined` when nothing was begun, or too long ago. */
  take(): Promise<T> | undefined {
    const begun = this.#begun;
    this.#begun = undefined;
    return begun && this.#now() - begun.at < freshMs ? begun.answer : undefined;
  }
}
