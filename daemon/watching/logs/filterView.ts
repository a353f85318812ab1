import { SlipwayError } from '../../protocol/errors.ts';
import type { EntryFilter } from './entryFilter.ts';
import type { EntryList, EntryPiece } from './entryList.ts';
import type { LogStore } from './logStore.ts';
import { runSlice, yieldTurn } from './runSlice.ts';
import { SequenceList } from './sequenceList.ts';

/** Entries that are not wanted and are read all the same between two that are: fewer reads of the disk. */
const nearby = 100;
const pieceEntries = 4_096;
/** Lines that are tested before another look at the clock. */
const firstLookMs = 100;

/** The entries of a log that a filter shows; it looks through what is there, then through what comes. */
export class FilterView implements EntryList {
  readonly id: string;
  readonly #store: LogStore;
  readonly #filter: EntryFilter;
  readonly #onChanged: () => void;
  readonly #found = new SequenceList();
  #scanned = 0;
  #problem: SlipwayError | undefined;
  #wake: (() => void) | undefined;
  #disposed = false;

  constructor(options: {
    readonly id: string;
    readonly store: LogStore;
    readonly filter: EntryFilter;
    readonly onChanged: () => void;
  }) {
    this.id = options.id;
    this.#store = options.store;
    this.#filter = options.filter;
    this.#onChanged = options.onChanged;
  }

  /** How many entries have been found. */
  get total(): number {
    return this.#found.total;
  }

  get first(): number {
    this.#found.dropBefore(this.#store.first);
    return this.#found.first;
  }

  /** How many entries of the log have been looked at. */
  get scanned(): number {
    return this.#scanned;
  }

  /** Why it has stopped to look. */
  get problem(): SlipwayError | undefined {
    return this.#problem;
  }

  /** Begins to look; resolves when everything is looked at, or after a moment. Throws `invalidPattern`. */
  async start(): Promise<void> {
    const scanning = this.#scan();
    const until = performance.now() + firstLookMs;
    while (!this.#problem && this.#scanned < this.#store.total && performance.now() < until) {
      await yieldTurn();
    }
    void scanning;
    if (this.#problem) {
      throw this.#problem;
    }
  }

  /** The log has grown. */
  grow(): void {
    this.#wake?.();
  }

  dispose(): void {
    this.#disposed = true;
    this.#wake?.();
  }

  async readForward(from: number, to: number): Promise<EntryPiece | undefined> {
    const start = Math.max(from, this.first);
    const end = Math.min(to, this.total, start + pieceEntries);
    if (start >= end) {
      return undefined;
    }
    const first = this.#found.at(start);
    let count = 1;
    while (
      start + count < end &&
      this.#found.at(start + count) - this.#found.at(start + count - 1) <= nearby
    ) {
      count += 1;
    }
    const block = await this.#store.readForward(first, this.#found.at(start + count - 1) + 1);
    return block && this.#buildPiece(block, start, count);
  }

  async readBackward(from: number, to: number): Promise<EntryPiece | undefined> {
    const least = Math.max(from, this.first, to - pieceEntries);
    if (to <= least || to > this.total) {
      return undefined;
    }
    let begin = to - 1;
    while (begin > least && this.#found.at(begin) - this.#found.at(begin - 1) <= nearby) {
      begin -= 1;
    }
    const block = await this.#store.readBackward(this.#found.at(begin), this.#found.at(to - 1) + 1);
    if (!block) {
      return undefined;
    }
    while (this.#found.at(begin) < block.first) {
      begin += 1;
    }
    return this.#buildPiece(block, begin, to - begin);
  }

  #buildPiece(block: NonNullable<EntryPiece['block']>, place: number, most: number): EntryPiece | undefined {
    const indexes: number[] = [];
    for (let at = place; at < place + most; at += 1) {
      const index = this.#found.at(at) - block.first;
      if (index >= 0 && index < block.count) {
        indexes.push(index);
      }
    }
    return indexes.length > 0 ? { block, indexes, count: indexes.length, place } : undefined;
  }

  async #scan(): Promise<void> {
    try {
      while (!this.#disposed) {
        const block = await this.#store.readForward(this.#scanned, this.#store.total);
        if (!block) {
          this.#scanned = Math.max(this.#scanned, this.#store.first);
          await this.#sleep();
          continue;
        }
        for (let at = 0; at < block.count && !this.#disposed; ) {
          const before = this.total;
          const offset = at;
          // A test that was cut off is done again: noted by its place, a line passes once.
          const passes = new Uint8Array(block.count - offset);
          at += runSlice(
            block.count - offset,
            index => {
              passes[index] = this.#filter.passes(block, offset + index) ? 1 : 0;
              return false;
            },
            this.#filter,
          );
          for (let index = offset; index < at; index += 1) {
            if (passes[index - offset] === 1) {
              this.#found.push(block.first + index);
            }
          }
          this.#scanned = block.first + at;
          if (this.total > before) {
            this.#onChanged();
          }
          await yieldTurn();
        }
        this.#onChanged();
      }
    } catch (error) {
      this.#problem =
        error instanceof SlipwayError ? error : new SlipwayError('storeFailed', describe(error));
      this.#onChanged();
    }
  }

  async #sleep(): Promise<void> {
    if (this.#scanned < this.#store.total || this.#disposed) {
      return;
    }
    await new Promise<void>(resolve => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}

function describe(error: unknown): string {
  return `The log cannot be read: ${error instanceof Error ? error.message : error}.`;
}
