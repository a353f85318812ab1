/** Where a window remembers over a reload. */
export type Memento = {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
};

/** How long VS Code may take, from when Slipway begins, to ask for a view that it is to show; in milliseconds. */
const awaitedMs = 10_000;

/** Whether somebody looks at a view, or is about to, since it was on the screen when the window was loaded anew. */
export class ViewPresence {
  readonly #memento: Memento;
  readonly #key: string;
  readonly #limit: NodeJS.Timeout;
  #visible = false;
  #awaited: boolean;

  /** `key` is what the window remembers it by. */
  constructor(memento: Memento, key: string) {
    this.#memento = memento;
    this.#key = key;
    this.#awaited = memento.get(key) === true;
    this.#limit = setTimeout(() => this.#stopAwaiting(), awaitedMs);
  }

  /** True while what the view shows is worth keeping up to date. */
  get isFollowed(): boolean {
    return this.#visible || this.#awaited;
  }

  setVisible(visible: boolean): void {
    this.#stopAwaiting();
    this.#visible = visible;
  }

  /** Remembers whether the view is on the screen. */
  keepOpen(open: boolean): void {
    if (this.#memento.get(this.#key) !== open) {
      void this.#memento.update(this.#key, open);
    }
  }

  dispose(): void {
    this.#stopAwaiting();
  }

  #stopAwaiting(): void {
    clearTimeout(this.#limit);
    this.#awaited = false;
  }
}
