import type { KeptLog } from '../protocol/logMessages.ts';
import type { LogDocument } from './document/logDocument.ts';
import { parseEntry } from './document/parseEntry.ts';

/** Where the screen is. */
export type ScreenPlace = Pick<KeptLog, 'following' | 'sequence'>;

/** Reads where the screen is now; the number of its first entry is left out while there is none. */
export function readScreenPlace(
  document: LogDocument,
  { following }: { readonly following: boolean },
): Partial<ScreenPlace> {
  const row = document.readRow(document.readScreen().top);
  return { following, ...(row === undefined ? {} : { sequence: parseEntry(row).sequence }) };
}

/** What a memory works with. */
export type MemoryParts = {
  /** Keeps it where it outlives the page. */
  readonly keep: (kept: KeptLog) => void;
  /** Where the screen is now. */
  readonly readPlace: () => Partial<ScreenPlace>;
};

/** What is kept is written this long after a change, in milliseconds: scrolling changes it all the time. */
const keepMs = 300;

/** Remembers how a person looks at the log, for when the page is hidden or its window loaded anew. */
export class LogMemory {
  readonly #parts: MemoryParts;
  #kept: KeptLog;
  #timer: number | undefined;

  constructor(kept: KeptLog, parts: MemoryParts) {
    this.#kept = kept;
    this.#parts = parts;
  }

  get kept(): KeptLog {
    return this.#kept;
  }

  /** The same with where the screen is at this moment, which is kept a little later. */
  get present(): KeptLog {
    return { ...this.#kept, ...this.#parts.readPlace() };
  }

  /** Begins anew, with what is known of the log that was opened. */
  replace(kept: KeptLog): void {
    this.#kept = kept;
  }

  /** The person looks at the log in another way. */
  change(changed: Partial<KeptLog>): void {
    // A part may come with the rest as it was: where the screen is counts.
    this.#kept = { ...this.#kept, ...changed, ...this.#parts.readPlace() };
    this.keepSoon();
  }

  /** The screen may have moved. */
  keepSoon(): void {
    this.#timer ??= window.setTimeout(() => {
      this.#timer = undefined;
      this.#kept = this.present;
      this.#parts.keep(this.#kept);
    }, keepMs);
  }
}
