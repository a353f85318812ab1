import { buildAllSteps, type Promotion } from '../model/promotion.ts';
import type { HelmRevision } from '../model/rollout.ts';
import type { KnownRevision } from '../store/promotions.ts';

/** True for a revision that Slipway wrote: the journal knows it, or the promotion that runs is about to write it. */
export function isOwnRevision(
  row: HelmRevision,
  { known, running }: { readonly known: readonly KnownRevision[]; readonly running: Promotion | undefined },
): boolean {
  return known.some(ours => isSame(row, ours)) || (running !== undefined && isExpected(row, running));
}

/**
 * The number alone is not enough: after an uninstall Helm counts from 1 again. The record's uid tells; where an older
 * journal lacks it, a row of ours was last changed while our promotion ran, and Helm writes whole seconds.
 */
function isSame(row: HelmRevision, { release, revision, recordUid, until }: KnownRevision): boolean {
  if (row.release !== release || row.revision !== revision) {
    return false;
  }
  return recordUid !== undefined && row.recordUid !== undefined
    ? row.recordUid === recordUid
    : until === undefined || Date.parse(row.changedAt) <= Date.parse(until) + 1_000;
}

/** The journal knows a revision only when the step that wrote it is completed. */
function isExpected(row: HelmRevision, promotion: Promotion): boolean {
  return buildAllSteps(promotion).some(
    ({ input }) => input['release'] === row.release && Number(input['baseRevision']) + 1 === row.revision,
  );
}
