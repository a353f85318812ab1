import { entryKinds, type LogSegment } from './logSegment.ts';

/** Consecutive entries whose bytes have been read. */
export class LogBlock {
  /** The number of its first entry in the log. */
  readonly first: number;
  readonly count: number;
  readonly #segment: LogSegment;
  readonly #begin: number;
  readonly #bytes: Buffer;
  readonly #offset: number;

  /** Of a segment, the entries from place `begin` to before place `end`. */
  constructor(segment: LogSegment, begin: number, end: number, bytes: Buffer) {
    this.first = segment.first + begin;
    this.count = end - begin;
    this.#segment = segment;
    this.#begin = begin;
    this.#bytes = bytes;
    this.#offset = segment.startOf(begin);
  }

  sourceOf(index: number): number {
    return this.#segment.sourceOf(this.#begin + index);
  }

  /** True for a line, false for a gap or a notice. */
  isLine(index: number): boolean {
    return this.#segment.kindOf(this.#begin + index) === entryKinds.line;
  }

  isGap(index: number): boolean {
    return this.#segment.kindOf(this.#begin + index) === entryKinds.gap;
  }

  /** The time of an entry, as it was written. */
  timeOf(index: number): string {
    return this.#bytes.toString('latin1', this.#startOf(index), this.#timeEndOf(index));
  }

  /** The text of an entry; what is no UTF-8 becomes U+FFFD. */
  textOf(index: number): string {
    return this.#bytes.toString('utf8', this.#textStartOf(index), this.#textEndOf(index));
  }

  /** The bytes of an entry's text, as the container wrote them. */
  bytesOf(index: number): Buffer {
    return this.#bytes.subarray(this.#textStartOf(index), this.#textEndOf(index));
  }

  #startOf(index: number): number {
    return this.#segment.startOf(this.#begin + index) - this.#offset;
  }

  #endOf(index: number): number {
    return this.#startOf(index + 1) - 1;
  }

  #timeEndOf(index: number): number {
    const end = this.#endOf(index);
    let at = this.#startOf(index);
    while (at < end && this.#bytes[at] !== space) {
      at += 1;
    }
    return at;
  }

  #textStartOf(index: number): number {
    return Math.min(this.#timeEndOf(index) + 1, this.#endOf(index));
  }

  /** A carriage return before the line end is part of it. */
  #textEndOf(index: number): number {
    const end = this.#endOf(index);
    return this.#bytes[end - 1] === carriageReturn ? Math.max(end - 1, this.#textStartOf(index)) : end;
  }
}

const space = 32;
const carriageReturn = 13;
