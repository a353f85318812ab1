import type { Inspection } from '../model/promotionEvent.ts';
import { findHelmProblem } from '../tools/helm/helmProblem.ts';
import { describeFailure } from './describeFailure.ts';
import { findOwnRevision, isPending } from './helmHistory.ts';
import { buildRepair } from './helmRepair.ts';
import type { StepContext, StepKindDefinition, World } from './step.ts';

/** `helm upgrade`: looks for the revision that carries the promotion's label. */
export const helmUpgrade: StepKindDefinition = {
  effect: 'tool',
  readsFiles: true,
  neverKill: true,
  inspect,
  buildCompensation: buildRepair,
};

async function inspect({ promotion, step, world }: StepContext): Promise<Inspection> {
  const release = step.input['release'] ?? '';
  const base = Number(step.input['baseRevision'] ?? '0');
  const rows = await world.revisions(release);
  const own = findOwnRevision(rows, promotion.id, base);
  if (!own) {
    return {
      state: 'notDone',
      summary: `Helm has no revision of ${release} from this promotion; revision ${base || 'none'} is as it was.`,
      facts: { release },
    };
  }
  const facts = {
    release,
    namespace: own.namespace,
    revision: String(own.revision),
    status: own.status,
    ...(own.recordUid === undefined ? {} : { recordUid: own.recordUid }),
    clusterId: promotion.plan.target.clusterId,
  };
  const what = `revision ${own.revision} of ${release}`;
  if (own.status === 'deployed' || own.status === 'superseded') {
    return { state: 'done', summary: `Helm says ${what} is ${own.status}.`, facts };
  }
  if (isPending(own)) {
    return {
      state: 'partial',
      summary: `Helm still holds ${what} as ${own.status}, and no helm runs.`,
      facts,
    };
  }
  const description = await world.describeRevision(release, own.revision);
  return {
    state: 'failed',
    summary: `Helm says ${what} is ${own.status}: ${(await explainStaleVerdict(description, world)) ?? describeFailure(description)}`,
    facts: { ...facts, description },
  };
}

/**
 * Helm's watcher takes what a Deployment still says of a failed roll-out before for the end of this one (4.3.1), where
 * the template of an earlier ReplicaSet comes back. `undefined` where the cluster says the same as helm.
 */
async function explainStaleVerdict(description: string, world: World): Promise<string | undefined> {
  const problem = findHelmProblem(description);
  if (problem?.kind !== 'progressDeadline') {
    return;
  }
  const [kind, , name] = (problem.details['object'] ?? '').split('/');
  const workloads = await world.workloads();
  const workload = workloads.find(candidate => candidate.kind === kind && candidate.name === name);
  return workload && workload.health !== 'fail'
    ? `it believed what ${kind}/${name} still said of the roll-out before, and did not wait for this one. ` +
        'Promote the release again: the cluster is on its way.'
    : undefined;
}
