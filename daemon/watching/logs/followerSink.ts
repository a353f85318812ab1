import type { LogLines } from '../../clusters/logLines.ts';

/** Whole lines with the time of each, in microseconds since 1970. */
export type TimedLines = LogLines & { readonly times: readonly number[] };

/** What stands in a log beside its lines: something is missing, or something happened. */
export type LogRemark = {
  readonly kind: 'gap' | 'notice';
  /** Microseconds since 1970: where it belongs. */
  readonly time: number;
  readonly text: string;
};

/** Where the lines of one container go, in their order. */
export type FollowerSink = {
  lines(lines: TimedLines): void;
  remark(remark: LogRemark): void;
  /** True while more lines would be too many to hold. */
  readonly isFull: boolean;
  /** Resolves when there is room for more. */
  room(): Promise<void>;
};
