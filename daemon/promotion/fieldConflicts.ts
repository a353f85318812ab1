import type { HelmRecord } from '../clusters/helmRecord.ts';
import type { ObjectChange } from '../model/plan.ts';
import type { HelmRevision } from '../model/rollout.ts';
import { isInstallation } from '../steps/helmHistory.ts';
import type { PlanContext } from './planContext.ts';
import { readHelmMajor } from './readHelmMajor.ts';
import { type RecordedRevision, readRecorded } from './revisionRecords.ts';

/** The objects with fields that somebody else set: `v1/ConfigMap/shop: .data.colour: conflict with "kubectl-edit"`. */
export function listConflicts(objects: readonly ObjectChange[]): readonly string[] {
  return objects
    .filter(({ change, conflicts }) => change !== 'error' && conflicts.length > 0)
    .map(({ object, conflicts }) => `${object}: ${conflicts.join('; ')}`);
}

/**
 * True where helm, from this record on, meets the others' fields and refuses. Helm 4 applies as the record says, and one
 * that says nothing is helm 3's; helm 3 has no apply on the server's side, whatever a helm 4 has written down.
 */
export async function appliesOnServer(
  context: PlanContext,
  { applyMethod }: Pick<HelmRecord, 'applyMethod'>,
): Promise<boolean> {
  return applyMethod === 'ssa' && (await readHelmMajor(context)) >= 4;
}

/** What an upgrade makes of the fields that somebody else set. */
export async function describeUpgradeConflicts(
  context: PlanContext,
  objects: readonly ObjectChange[],
  before: { readonly newest: HelmRevision | undefined; readonly good: RecordedRevision | undefined },
): Promise<readonly string[]> {
  const conflicts = listConflicts(objects);
  if (conflicts.length === 0) {
    return [];
  }
  const outlook = (await refusesUpgrade(context, before))
    ? 'helm will refuse, and the promotion will fail'
    : "helm will take the other's value away";
  return conflicts.map(text => `${text}: ${outlook}.`);
}

/** Helm goes by its newest row, good or not. What it installs for the first time must not be anybody else's. */
async function refusesUpgrade(
  context: PlanContext,
  { newest, good }: Parameters<typeof describeUpgradeConflicts>[2],
): Promise<boolean> {
  if (!newest || isInstallation(newest)) {
    return true;
  }
  const { record } = good?.row.revision === newest.revision ? good : await readRecorded(context, newest);
  return appliesOnServer(context, record);
}
