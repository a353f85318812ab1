import type { HelmRevision } from '../model/rollout.ts';

/**
 * The row that a promotion's own `helm upgrade` wrote: the lowest one above `base` with its label.
 * The lowest, since Helm hands a release's labels on to the next revision, also to a stranger's.
 */
export function findOwnRevision(
  rows: readonly HelmRevision[],
  promotionId: string,
  base: number,
): HelmRevision | undefined {
  return rows
    .filter(row => row.promotionId === promotionId && row.revision > base)
    .sort((left, right) => left.revision - right.revision)[0];
}

/**
 * The revisions below `below` that may have been good by their status, highest first: `deployed` or `superseded`, never
 * `failed` or pending. `helm rollback NAME` alone would take the revision before the current one, whatever its status.
 */
export function listMaybeGood(
  rows: readonly HelmRevision[],
  below = Number.POSITIVE_INFINITY,
): readonly HelmRevision[] {
  return rows
    .filter(row => row.revision < below && (row.status === 'deployed' || row.status === 'superseded'))
    .sort((left, right) => right.revision - left.revision);
}

/**
 * True for what Helm writes beside a revision that failed or never came to its end. The status alone does not tell:
 * a rollback that fails makes the row that it started from `superseded`, also when that one had failed (helm 4.3.1).
 */
export function saysItFailed(description: string): boolean {
  return /^\w+ "[^"]*" failed: |^Preparing upgrade$|^Initial install underway$/.test(description);
}

/** The newest row of a release, whatever its status. */
export function findNewestRevision(rows: readonly HelmRevision[]): HelmRevision | undefined {
  return [...rows].sort((left, right) => right.revision - left.revision)[0];
}

/** True for a row that Helm takes for an operation in progress. */
export function isPending(row: HelmRevision): boolean {
  return row.status.startsWith('pending-');
}

/** True where an upgrade that may install does so, as from a release that was taken away with its history kept. */
export function isInstallation(newest: HelmRevision | undefined): boolean {
  return newest === undefined || newest.status === 'uninstalled';
}
