import { untilAborted } from '../../clusters/clusterAnswer.ts';
import type { LogSelection, ReadPart } from './runReader.ts';

/** What a log held when it was opened, as far as it is wanted: it is read before anything is followed. */
export class LogHistory {
  readonly #selection: LogSelection;
  readonly #onRead: () => Promise<void>;
  readonly #openedAt = Date.now();
  #isPending = true;

  /** `onRead` is told once, when nothing of it is waited for any longer; resolves when the other sources are as far. */
  constructor(selection: LogSelection, onRead: () => Promise<void>) {
    this.#selection = selection;
    this.#onRead = onRead;
  }

  /** True until it has been read, or is not waited for any longer. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** True where only a part of it is wanted, which may hold no line. */
  get isLimited(): boolean {
    const { tailLines, sinceSeconds } = this.#selection;
    return tailLines !== undefined || sinceSeconds !== undefined;
  }

  /** What of it is asked for at this moment. */
  get query(): Pick<ReadPart, 'tailLines' | 'sinceSeconds'> {
    const { tailLines, sinceSeconds } = this.#selection;
    const passed = Math.ceil((Date.now() - this.#openedAt) / 1000);
    return {
      ...(tailLines === undefined ? {} : { tailLines }),
      ...(sinceSeconds === undefined ? {} : { sinceSeconds: sinceSeconds + passed }),
    };
  }

  /** It has been read: waits for the other sources. Rejects when `signal` aborts. */
  async finish(signal: AbortSignal): Promise<void> {
    this.#isPending = false;
    await untilAborted(this.#onRead(), signal);
  }

  /** It will not be waited for any longer. */
  leave(): void {
    if (this.#isPending) {
      this.#isPending = false;
      void this.#onRead();
    }
  }
}
