import { Emitter } from './emitter.ts';
import { emptyState, reduceStore, type StoreAction, type StoreKey, type StoreState } from './storeState.ts';

/** The window's one copy of what the daemon says; every view reads it, only the feed and commands write it. */
export class ReleaseStore {
  #state: StoreState = emptyState;
  readonly #changes: Emitter<ReadonlySet<StoreKey>>;

  constructor(onError: (error: unknown) => void) {
    this.#changes = new Emitter(onError);
  }

  get state(): StoreState {
    return this.#state;
  }

  /** Hears which keys changed, after the state has; returns how to stop hearing. */
  onDidChange(listener: (changed: ReadonlySet<StoreKey>) => void): () => void {
    return this.#changes.on(listener);
  }

  /** Folds an action into the state. */
  apply(action: StoreAction): void {
    const { state, changed } = reduceStore(this.#state, action);
    this.#state = state;
    if (changed.length > 0) {
      this.#changes.emit(new Set(changed));
    }
  }
}
