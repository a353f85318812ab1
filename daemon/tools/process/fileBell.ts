import { type FSWatcher, watch } from 'node:fs';

/** Rings when a file changes; with `fs.watch`, and by the caller's own time limit where that is silent. */
export class FileBell {
  readonly #watcher: FSWatcher | undefined;
  #rung = false;
  #wake: (() => void) | undefined;

  /** Watches a file, or of a folder the one entry `name`. */
  constructor(path: string, name?: string) {
    this.#watcher = tryWatch(path, entry => {
      if (name === undefined || entry === null || entry === name) {
        this.ring();
      }
    });
    // The folder is gone, or the kernel has no watches left: the caller's time limit does it alone.
    this.#watcher?.on('error', () => this.#watcher?.close());
  }

  /** Ends the present wait, or the next one at once. */
  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves when it rings or has rung since the last wait, after `timeoutMs`, or when the signal aborts. */
  async wait(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (!this.#rung && !signal?.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, timeoutMs);
      const onAbort = () => resolve();
      signal?.addEventListener('abort', onAbort);
      await promise;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      this.#wake = undefined;
    }
    this.#rung = false;
  }

  /** Stops watching. */
  dispose(): void {
    this.#watcher?.close();
    this.ring();
  }
}

function tryWatch(path: string, listener: (entry: string | null) => void): FSWatcher | undefined {
  try {
    return watch(path, (_, entry) => listener(entry));
  } catch {
    return undefined;
  }
}
