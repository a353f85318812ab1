import type { LogLines } from '../../clusters/logLines.ts';
import { SpillFile } from './spillFile.ts';

/** What an entry of a log is: a line, a gap, a notice. */
export const entryKinds = { line: 0, gap: 1, notice: 2 } as const;

/** Entries and bytes of one segment: what makes way at once when a log grows too large. */
export type SegmentLimits = { readonly entries: number; readonly bytes: number };

const firstCapacity = 1_024;

/** Consecutive entries: their bytes on disk, and where each of them is in memory, in seven bytes. */
export class LogSegment {
  /** The number of its first entry in the log. */
  readonly first: number;
  readonly file: SpillFile;
  readonly #limits: SegmentLimits;
  #count = 0;
  #bytes = 0;
  #ends = new Uint32Array(firstCapacity);
  #sources = new Int16Array(firstCapacity);
  #kinds = new Uint8Array(firstCapacity);

  constructor(options: {
    readonly first: number;
    readonly path: string;
    readonly limits: SegmentLimits;
    readonly onWritten: (error?: unknown) => void;
  }) {
    this.first = options.first;
    this.#limits = options.limits;
    this.file = new SpillFile(options.path, options.onWritten);
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How many more entries it takes; none when it is full. */
  get room(): number {
    return this.#bytes >= this.#limits.bytes ? 0 : this.#limits.entries - this.#count;
  }

  /** Appends entries of one source and kind; there must be room for their number. */
  append(lines: LogLines, source: number, kind: number): void {
    this.#grow(this.#count + lines.ends.length);
    for (const end of lines.ends) {
      this.#ends[this.#count] = this.#bytes + end;
      this.#sources[this.#count] = source;
      this.#kinds[this.#count] = kind;
      this.#count += 1;
    }
    this.#bytes += lines.bytes.length;
    this.file.append(lines.bytes);
  }

  /** Where the entry at a place of this segment begins in its file. */
  startOf(place: number): number {
    return place === 0 ? 0 : (this.#ends[place - 1] ?? 0);
  }

  sourceOf(place: number): number {
    return this.#sources[place] ?? -1;
  }

  kindOf(place: number): number {
    return this.#kinds[place] ?? 0;
  }

  /** How many of its entries are of a kind. */
  countKind(kind: number): number {
    let count = 0;
    for (let place = 0; place < this.#count; place += 1) {
      count += this.#kinds[place] === kind ? 1 : 0;
    }
    return count;
  }

  dispose(): void {
    this.file.dispose();
  }

  #grow(count: number): void {
    let capacity = this.#ends.length;
    if (count <= capacity) {
      return;
    }
    while (capacity < count) {
      capacity = Math.min(capacity * 2, Math.max(count, this.#limits.entries));
    }
    const [ends, sources, kinds] = [this.#ends, this.#sources, this.#kinds];
    this.#ends = new Uint32Array(capacity);
    this.#sources = new Int16Array(capacity);
    this.#kinds = new Uint8Array(capacity);
    this.#ends.set(ends);
    this.#sources.set(sources);
    this.#kinds.set(kinds);
  }
}
