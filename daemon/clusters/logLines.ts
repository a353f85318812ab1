/** Whole lines that came together, each with its line end; `ends[i]` is where line `i` ends in `bytes`. */
export type LogLines = { readonly bytes: Buffer; readonly ends: readonly number[] };

/** Lines `from` to before `to` of others, whose bytes they share. */
export function sliceLines({ bytes, ends }: LogLines, from: number, to: number): LogLines {
  const start = from === 0 ? 0 : (ends[from - 1] ?? 0);
  const sliced: number[] = [];
  for (let line = from; line < to; line += 1) {
    sliced.push((ends[line] ?? 0) - start);
  }
  return { bytes: bytes.subarray(start, ends[to - 1] ?? start), ends: sliced };
}

/** Bytes of a line that are kept; of a longer one only its beginning is, and what is left out is counted. */
export const longestLine = 4 * 1024 * 1024;

/**
 * Cuts a stream of bytes into whole lines. Chunks are not copied; a line of many chunks is put together once.
 * A last line without its end is held until it comes, or until `flush`.
 */
export class LineSplitter {
  readonly #longest: number;
  #held: Buffer[] = [];
  #size = 0;
  #leftOut = 0;

  /** `longest` is made small by tests alone. */
  constructor(longest: number = longestLine) {
    this.#longest = longest;
  }

  /** Bytes of the line that is being held that were left out. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Takes a chunk; calls `onLines` with what is complete, `leftOut` bytes of its first line being left out. */
  push(chunk: Buffer, onLines: (lines: LogLines, leftOut: number) => void): void {
    let start = 0;
    if (this.#size > 0) {
      const end = chunk.indexOf(lineFeed);
      this.#hold(end === -1 ? chunk : chunk.subarray(0, end));
      if (end === -1) {
        return;
      }
      start = end + 1;
      this.#release(onLines);
    }
    const ends: number[] = [];
    let from = start;
    for (let end = chunk.indexOf(lineFeed, from); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      from = end + 1;
      ends.push(from - start);
    }
    if (ends.length > 0) {
      onLines({ bytes: chunk.subarray(start, from), ends }, 0);
    }
    if (from < chunk.length) {
      this.#hold(chunk.subarray(from));
    }
  }

  /** Gives out the last line although its end never came: its writer has ended. */
  flush(onLines: (lines: LogLines, leftOut: number) => void): void {
    if (this.#size > 0) {
      this.#release(onLines);
    }
  }

  #hold(bytes: Buffer): void {
    const room = this.#longest - this.#size;
    const kept = bytes.length > room ? bytes.subarray(0, room) : bytes;
    this.#leftOut += bytes.length - kept.length;
    if (kept.length > 0) {
      this.#held.push(kept);
      this.#size += kept.length;
    }
  }

  #release(onLines: (lines: LogLines, leftOut: number) => void): void {
    const bytes = Buffer.concat([...this.#held, lineEnd]);
    const leftOut = this.#leftOut;
    this.#held = [];
    this.#size = 0;
    this.#leftOut = 0;
    onLines({ bytes, ends: [bytes.length] }, leftOut);
  }
}

const lineFeed = 10;
const lineEnd = Buffer.from('\n');
