/** A change of a watched collection; each reaches the listener exactly once. */
export type WatchEvent<T> = {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly uid: string;
  /** For `deleted`, what was known last. */
  readonly value: T;
};

/** What is kept of a watched collection, by uid: a name may be used again by another object. */
export class WatchedItems<T> {
  readonly #held = new Map<string, { readonly version: string; readonly value: T }>();
  readonly #project: (object: unknown) => T;
  readonly #onEvent: (event: WatchEvent<T>) => void;
  readonly #onProblem: (problem: unknown) => void;
  /** The uids of the initial list that is being received. */
  #listed: Set<string> | undefined;

  constructor(options: {
    readonly project: (object: unknown) => T;
    readonly onEvent: (event: WatchEvent<T>) => void;
    readonly onProblem: (problem: unknown) => void;
  }) {
    this.#project = options.project;
    this.#onEvent = options.onEvent;
    this.#onProblem = options.onProblem;
  }

  values(): T[] {
    return [...this.#held.values()].map(({ value }) => value);
  }

  get isListing(): boolean {
    return this.#listed !== undefined;
  }

  /** A whole list follows: what it does not name was deleted unseen. */
  beginList(): void {
    this.#listed = new Set();
  }

  endList(): void {
    const listed = this.#listed;
    this.#listed = undefined;
    for (const uid of listed ? [...this.#held.keys()] : []) {
      if (!listed?.has(uid)) {
        this.remove(uid);
      }
    }
  }

  /** The list broke off: nothing can be said about what it did not name. */
  abandonList(): void {
    this.#listed = undefined;
  }

  /** Keeps an object; one that is held in the same version already is no event. */
  keep(object: { readonly uid: string; readonly version: string; readonly object: unknown }): void {
    const { uid, version } = object;
    this.#listed?.add(uid);
    const held = this.#held.get(uid);
    if (held?.version === version) {
      return;
    }
    let value: T;
    try {
      value = this.#project(object.object);
    } catch (problem) {
      this.#onProblem(problem);
      return;
    }
    this.#held.set(uid, { version, value });
    this.#onEvent({ type: held ? 'modified' : 'added', uid, value });
  }

  remove(uid: string): void {
    const held = this.#held.get(uid);
    if (held) {
      this.#held.delete(uid);
      this.#onEvent({ type: 'deleted', uid, value: held.value });
    }
  }
}
