import { type HelmRecord, readHelmRecord } from '../clusters/helmRecord.ts';
import { findManifestImages, type ManifestObject, parseManifest } from '../clusters/parseManifest.ts';
import type { HelmRevision } from '../model/rollout.ts';
import type { WorkloadImages } from '../model/runningVersion.ts';
import { listMaybeGood, saysItFailed } from '../steps/helmHistory.ts';
import { buildRecordName } from '../watching/clusterWorld.ts';
import type { EnvironmentAccess } from '../watching/environmentAccess.ts';
import type { PlanContext } from './planContext.ts';

/** A row of Helm's with what Helm wrote down for it. */
export type RecordedRevision = {
  readonly row: HelmRevision;
  readonly record: HelmRecord;
  readonly objects: readonly ManifestObject[];
};

/** Reads Helm's record of a row. */
export async function readRecorded(
  { access, signal }: PlanContext,
  row: HelmRevision,
): Promise<RecordedRevision> {
  const asking = { connection: access.cluster.connection, signal };
  const record = await readHelmRecord(asking, access.namespace, buildRecordName(row.release, row.revision));
  return { row, record, objects: parseManifest(record.manifest) };
}

/** The good revisions below `below`, highest first, each read when it is asked for. */
export async function* followGoodRevisions(
  context: PlanContext,
  rows: readonly HelmRevision[],
  below?: number,
): AsyncGenerator<RecordedRevision> {
  for (const row of listMaybeGood(rows, below)) {
    const recorded = await readRecorded(context, row);
    if (!saysItFailed(recorded.record.description)) {
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
