import { type HelmRecord, isDamagedRecord, readHelmRecord } from '../clusters/helmRecord.ts';
import { findManifestImages, type ManifestObject, parseManifest } from '../clusters/parseManifest.ts';
import type { HelmRevision } from '../model/rollout.ts';
import type { WorkloadImages } from '../model/runningVersion.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { listMaybeGood, saysItFailed } from '../steps/helmHistory.ts';
import { buildRecordName } from '../watching/clusterWorld.ts';
import type { EnvironmentAccess } from '../watching/environmentAccess.ts';
import type { PlanContext } from './planContext.ts';

/** A row of Helm's with what Helm wrote down for it. */
export type RecordedRevision = {
  readonly row: HelmRevision;
  readonly record: HelmRecord;
  readonly objects: readonly ManifestObject[];
  /** Why its manifest could not be read; it then has no objects. */
  readonly unread?: string;
};

/** Reads Helm's record of a row. */
export async function readRecorded(
  { access, signal }: PlanContext,
  row: HelmRevision,
): Promise<RecordedRevision> {
  const asking = { connection: access.cluster.connection, signal };
  const record = await readHelmRecord(asking, access.namespace, buildRecordName(row.release, row.revision));
  return { row, record, ...readObjects(record) };
}

/** What helm took and we cannot read must not hold a plan up, a way back least of all. */
function readObjects({ manifest }: HelmRecord): Pick<RecordedRevision, 'objects' | 'unread'> {
  try {
    return { objects: parseManifest(manifest) };
  } catch (error) {
    if (error instanceof SlipwayError) {
      return { objects: [], unread: error.message };
    }
    throw error;
  }
}

/** What a plan lacks where it does not know what the cluster has by the present revision. */
export const lostRemovals = 'what goes with it is not shown';

/** Says that a revision's manifest could not be read, and what the plan lacks for it; nothing of one that was read. */
export function describeUnread(recorded: RecordedRevision | undefined, lack: string): readonly string[] {
  return recorded?.unread === undefined
    ? []
    : [`${recorded.unread} This is revision ${recorded.row.revision} of ${recorded.row.release}: ${lack}.`];
}

/**
 * The good revisions below `below`, highest first, each read when it is asked for. One whose record is damaged is no
 * target for helm either; the newest of all is what helm itself has to read, so there it is said.
 */
export async function* followGoodRevisions(
  context: PlanContext,
  rows: readonly HelmRevision[],
  below?: number,
): AsyncGenerator<RecordedRevision> {
  for (const row of listMaybeGood(rows, below)) {
    const recorded = await readRecorded(context, row).catch(error => {
      if (isDamagedRecord(error) && rows.some(({ revision }) => revision > row.revision)) {
        return undefined;
      }
      throw error;
    });
    if (recorded && !saysItFailed(recorded.record.description)) {
      yield recorded;
    }
  }
}

/** The highest good revision; `undefined` where there is none. */
export async function findGoodRevision(
  context: PlanContext,
  rows: readonly HelmRevision[],
): Promise<RecordedRevision | undefined> {
  for await (const recorded of followGoodRevisions(context, rows)) {
    return recorded;
  }
  return undefined;
}

/** The images of a recorded revision's workloads in the environment's own namespace, which is all that is looked at. */
export function findOwnImages(
  { objects }: RecordedRevision,
  { namespace }: EnvironmentAccess,
): WorkloadImages {
  const own = objects.filter(({ reference }) => (reference.namespace ?? namespace) === namespace);
  return findManifestImages(own);
}
