import type { LogRemark, TimedLines } from './followerSink.ts';

/** One line with its key. */
export type HeldLine = { readonly line: TimedLines; readonly key: number };

/** Bytes of lines that may be held. */
const mostBytes = 8 * 1024 * 1024;

/** Lines that wait until it is known whether others are missing before them, and the remarks between them. */
export class HeldLines {
  #items: (HeldLine | LogRemark)[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** True when no more may wait. */
  get isFull(): boolean {
    return this.#bytes > mostBytes;
  }

  add(item: HeldLine | LogRemark): void {
    this.#items.push(item);
    if ('line' in item) {
      this.#bytes += item.line.bytes.length;
    }
  }

  /** Gives everything up, in its order. */
  take(): readonly (HeldLine | LogRemark)[] {
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    return items;
  }

  /** The same, as it is now. */
  clone(): HeldLines {
    const copy = new HeldLines();
    copy.#items = [...this.#items];
    copy.#bytes = this.#bytes;
    return copy;
  }
}
