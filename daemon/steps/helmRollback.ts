import type { Inspection } from '../model/promotionEvent.ts';
import { describeFailure } from './describeFailure.ts';
import { findNewestRevision, isPending } from './helmHistory.ts';
import { buildRepair } from './helmRepair.ts';
import type { StepContext, StepKindDefinition } from './step.ts';

/**
 * `helm rollback`: looks for the revision after the one it started from. Helm has no label for a rollback,
 * so the row is told by its number and by Helm's own words "Rollback to N".
 */
export const helmRollback: StepKindDefinition = {
  effect: 'tool',
  neverKill: true,
  inspect,
  buildCompensation: buildRepair,
};

/** What helm 4.3.1 writes over "Rollback to N" when it fails; an upgrade writes `Upgrade "..." failed`. */
const failedRollback = /^(?:Rollback|Release) "[^"]*" failed: /;

async function inspect({ promotion, step, world }: StepContext): Promise<Inspection> {
  const release = step.input['release'] ?? '';
  const base = Number(step.input['baseRevision'] ?? '0');
  const to = step.input['toRevision'] ?? '';
  const rows = await world.revisions(release);
  const newest = findNewestRevision(rows.filter(row => row.revision > base));
  if (!newest) {
    return {
      state: 'notDone',
      summary: `Helm has no revision of ${release} after ${base}.`,
      facts: { release },
    };
  }
  const description = await world.describeRevision(release, newest.revision);
  const what = `revision ${newest.revision} of ${release}`;
  const facts = {
    release,
    namespace: newest.namespace,
    revision: String(newest.revision),
    status: newest.status,
    ...(newest.recordUid === undefined ? {} : { recordUid: newest.recordUid }),
    clusterId: promotion.plan.target.clusterId,
  };
  if (isPending(newest)) {
    return {
      state: 'partial',
      summary: `Helm still holds ${what} as ${newest.status}, and no helm runs.`,
      facts,
    };
  }
  const isOurs = description.includes(`Rollback to ${to}`) || failedRollback.test(description);
  if (newest.revision !== base + 1 || !isOurs) {
    return {
      state: 'unknown',
      summary: `${what} is ${newest.status} ("${description}"): somebody else acted at the same time.`,
      facts,
    };
  }
  return newest.status === 'deployed'
    ? { state: 'done', summary: `Helm says ${what} is deployed: ${description}.`, facts }
    : {
        state: 'failed',
        summary: `Helm says ${what} is ${newest.status}: ${describeFailure(description)}`,
        facts: { ...facts, description },
      };
}
