import type { NotificationName, NotificationParams } from '../protocol/messages.ts';

/** Who hears which notifications; a listener that fails keeps no other from hearing. */
export class NotificationListeners {
  readonly #listeners = new Map<NotificationName, Set<(params: never) => void>>();
  readonly #onProblem: (problem: string) => void;

  /** `onProblem` is told of a listener that failed. */
  constructor(onProblem: (problem: string) => void) {
    this.#onProblem = onProblem;
  }

  /** Every name that somebody has listened for, whether they still do or not. */
  get names(): readonly NotificationName[] {
    return [...this.#listeners.keys()];
  }

  /** Adds a listener; returns how to stop. */
  add<N extends NotificationName>(name: N, listener: (params: NotificationParams<N>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Calls every listener of a name, in the order in which they were added. */
  tell<N extends NotificationName>(name: N, params: NotificationParams<N>): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        listener(params as never);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        this.#onProblem(`A listener of ${name} failed: ${why}`);
      }
    }
  }
}
