/** Where a page stands in what it shows: places count from the start of the log, or of the filtered view. */
export type ReadState = {
  /** How many entries there are, and the first that can still be read. */
  readonly total: number;
  readonly first: number;
  /** What the page holds: from `start`, before `end`. */
  readonly start: number;
  readonly end: number;
  /** What is on the screen. */
  readonly top: number;
  readonly bottom: number;
  readonly following: boolean;
  /** A place that must be shown and is not held yet. */
  readonly goal?: number;
  /** How many rows the daemon gave last when it was asked for rows before the first. */
  readonly before: number;
};

/** What to ask the daemon for next. */
export type ReadPlan = {
  /** What becomes of the answer: it takes the place of what is held, or goes after or before it. */
  readonly kind: 'replace' | 'append' | 'prepend';
  readonly from: number;
  readonly limit: number;
  /** True where the answer may wait until there is something. */
  readonly wait: boolean;
  /** Entries that are passed over to keep up with the log; they stay reachable. */
  readonly skipped: number;
};

/** The sizes of reads, in rows. */
export const readSizes = {
  /** One read, as the screen nears an end of what is held. */
  step: 5_000,
  /** How near is near. */
  near: 2_500,
  /** What is shown at once when a place is jumped to: so much before it and after it. */
  around: 1_000,
  /** A follower that is further behind than this skips to the end. */
  behind: 10_000,
} as const;

/** Decides the next read; undefined when everything that the screen may need is held. */
export function planRead(state: ReadState): ReadPlan | undefined {
  const { total, first, start, end, following, goal } = state;
  if (goal !== undefined) {
    const from = Math.max(first, goal - readSizes.around, 0);
    return { kind: 'replace', from, limit: readSizes.around * 2, wait: false, skipped: 0 };
  }
  if (following) {
    const behind = total - end;
    if (behind > readSizes.behind || end < first) {
      const from = Math.max(first, total - readSizes.around);
      return { kind: 'replace', from, limit: readSizes.around * 2, wait: false, skipped: from - end };
    }
    return behind <= 0 && needsBefore(state)
      ? planBefore(state)
      : { kind: 'append', from: end, limit: readSizes.step, wait: behind <= 0, skipped: 0 };
  }
  if (needsBefore(state)) {
    return planBefore(state);
  }
  return end < total && end >= start && state.bottom > end - readSizes.near
    ? { kind: 'append', from: Math.max(end, first), limit: readSizes.step, wait: false, skipped: 0 }
    : undefined;
}

/**
 * How many rows to ask for before the first, after an answer to `limit` had `got` of them: a batch of long rows holds
 * fewer. A little more each time that all came.
 */
export function adaptBefore(
  before: number,
  { limit, got, fits }: { readonly limit: number; readonly got: number; readonly fits: boolean },
): number {
  return fits
    ? Math.min(readSizes.step, Math.ceil(Math.max(before, limit) * 1.05))
    : Math.max(1, Math.min(Math.floor(got * 0.8), limit - 1));
}

function needsBefore({ start, end, first, top }: ReadState): boolean {
  return end > start && start > first && top < start + readSizes.near;
}

function planBefore({ start, first, before }: ReadState): ReadPlan {
  const limit = Math.max(1, Math.min(before, readSizes.step, start - first));
  return { kind: 'prepend', from: start - limit, limit, wait: false, skipped: 0 };
}
