/** The log, or a filtered view of it: how much there is. */
export type Reach = {
  readonly filterId?: string | undefined;
  readonly total: number;
  /** The first entry that can still be read. */
  readonly first: number;
};

/** A log only gets longer, and what it gives up only more: what says less was on its way for longer. */
export function extendReach(before: Reach, after: Reach): Reach {
  return before.filterId === after.filterId
    ? { ...after, total: Math.max(before.total, after.total), first: Math.max(before.first, after.first) }
    : after;
}
