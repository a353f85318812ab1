import { join } from 'node:path';
import { type LogLines, sliceLines } from '../../clusters/logLines.ts';
import { writeStamp } from '../../clusters/logStamp.ts';
import type { LogRemark } from './followerSink.ts';
import { LogBlock } from './logBlock.ts';
import { entryKinds, LogSegment, type SegmentLimits } from './logSegment.ts';

/** How much of a log is kept: what is older makes way, a segment at a time. */
export type StoreLimits = {
  readonly entries: number;
  readonly bytes: number;
  readonly segment: SegmentLimits;
};

/** The limits in use. */
const storeLimits: StoreLimits = {
  entries: 5_000_000,
  bytes: 1024 ** 3,
  segment: { entries: 131_072, bytes: 32 * 1024 * 1024 },
};

/** Bytes that may wait to be written to disk before whoever brings more has to wait. */
const mostWaiting = 4 * 1024 * 1024;
/** What is read at once. */
const block = { entries: 4_096, bytes: 256 * 1024 } as const;

/** The entries of one open log, numbered from 0: their bytes on disk, an index of them in memory. */
export class LogStore {
  readonly #folder: string;
  readonly #name: string;
  readonly #limits: StoreLimits;
  readonly #onChanged: () => void;
  readonly #onFailed: (error: unknown) => void;
  #segments: LogSegment[] = [];
  #number = 0;
  #total = 0;
  #gaps = 0;
  #waiters: (() => void)[] = [];
  #disposed = false;

  constructor(options: {
    /** Where the files are; it must be private already. */
    readonly folder: string;
    readonly name: string;
    readonly onChanged: () => void;
    /** The disk is full, or broken. */
    readonly onFailed: (error: unknown) => void;
    readonly limits?: StoreLimits;
  }) {
    this.#folder = options.folder;
    this.#name = options.name;
    this.#onChanged = options.onChanged;
    this.#onFailed = options.onFailed;
    this.#limits = options.limits ?? storeLimits;
  }

  /** How many entries there have been. */
  get total(): number {
    return this.#total;
  }

  /** The first entry that is still there. */
  get first(): number {
    return this.#segments[0]?.first ?? this.#total;
  }

  /** How many of the entries that are there are gaps. */
  get gaps(): number {
    return this.#gaps;
  }

  /** The bytes of the entries that are there. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** True while more lines would be too many to hold in memory. */
  get isFull(): boolean {
    return this.#waiting > mostWaiting;
  }

  /** Resolves when there is room for more. */
  async room(): Promise<void> {
    while (this.isFull && !this.#disposed) {
      await new Promise<void>(resolve => this.#waiters.push(resolve));
    }
  }

  /** Appends lines of one source. */
  append(lines: LogLines, source: number): void {
    this.#append(lines, source, entryKinds.line);
  }

  /** Appends a gap or a notice. */
  remark({ kind, time, text }: LogRemark, source: number): void {
    const line = Buffer.from(`${writeStamp(time)} ${text.replaceAll(/[\r\n]+/g, ' ')}\n`);
    this.#gaps += kind === 'gap' ? 1 : 0;
    this.#append({ bytes: line, ends: [line.length] }, source, entryKinds[kind]);
  }

  /** Reads entries from `from` on, not beyond `to`; at least one where there is one, at most what is read at once. */
  async readForward(from: number, to: number): Promise<LogBlock | undefined> {
    const start = Math.max(from, this.first);
    const segment = this.#find(start);
    if (!segment || start >= to) {
      return undefined;
    }
    const begin = start - segment.first;
    const last = Math.min(to - segment.first, segment.count, begin + block.entries);
    let end = begin + 1;
    const most = segment.startOf(begin) + block.bytes;
    while (end < last && segment.startOf(end + 1) <= most) {
      end += 1;
    }
    return await this.#read(segment, begin, end);
  }

  /** Reads entries that end before `to`, not before `from`, in the same measure. */
  async readBackward(from: number, to: number): Promise<LogBlock | undefined> {
    const least = Math.max(from, this.first);
    const segment = this.#find(to - 1);
    if (!segment || to <= least) {
      return undefined;
    }
    const end = Math.min(to - segment.first, segment.count);
    const first = Math.max(least - segment.first, 0, end - block.entries);
    let begin = end - 1;
    const size = segment.startOf(end);
    while (begin > first && size - segment.startOf(begin - 1) <= block.bytes) {
      begin -= 1;
    }
    return await this.#read(segment, begin, end);
  }

  /** Gives the disk its space back. */
  dispose(): void {
    this.#disposed = true;
    for (const segment of this.#segments) {
      segment.dispose();
    }
    this.#segments = [];
    this.#wakeWaiters();
  }

  get #waiting(): number {
    return this.#segments.reduce((sum, { file }) => sum + file.waiting, 0);
  }

  #append(lines: LogLines, source: number, kind: number): void {
    if (this.#disposed) {
      return;
    }
    const count = lines.ends.length;
    for (let done = 0; done < count; ) {
      const segment = this.#open();
      if (!segment) {
        return;
      }
      const end = Math.min(count, done + segment.room);
      segment.append(done === 0 && end === count ? lines : sliceLines(lines, done, end), source, kind);
      this.#total += end - done;
      done = end;
    }
    this.#makeWay();
    this.#onChanged();
  }

  /** The segment that takes more; `undefined` when the disk does not. */
  #open(): LogSegment | undefined {
    const last = this.#segments.at(-1);
    if (last && last.room > 0) {
      return last;
    }
    this.#number += 1;
    try {
      const segment = new LogSegment({
        first: this.#total,
        path: join(this.#folder, `${this.#name}-${this.#number}`),
        limits: this.#limits.segment,
        onWritten: error => {
          if (error !== undefined) {
            this.#onFailed(error);
          }
          this.#wakeWaiters();
        },
      });
      this.#segments.push(segment);
      return segment;
    } catch (error) {
      this.#onFailed(error);
      return undefined;
    }
  }

  #makeWay(): void {
    const { entries, bytes } = this.#limits;
    while (this.#segments.length > 1 && (this.#total - this.first > entries || this.bytes > bytes)) {
      const oldest = this.#segments.shift();
      this.#gaps -= oldest?.countKind(entryKinds.gap) ?? 0;
      oldest?.dispose();
    }
  }

  #wakeWaiters(): void {
    if (this.#waiters.length > 0 && (!this.isFull || this.#disposed)) {
      const waiters = this.#waiters;
      this.#waiters = [];
      for (const wake of waiters) {
        wake();
      }
    }
  }

  #find(sequence: number): LogSegment | undefined {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const segment = this.#segments[middle];
      if (!segment || sequence < segment.first) {
        high = middle - 1;
      } else if (sequence >= segment.first + segment.count) {
        low = middle + 1;
      } else {
        return segment;
      }
    }
    return undefined;
  }

  async #read(segment: LogSegment, begin: number, end: number): Promise<LogBlock> {
    const bytes = await segment.file.read(segment.startOf(begin), segment.startOf(end));
    return new LogBlock(segment, begin, end, bytes);
  }
}
