import * as z from 'zod';
import type { ObjectDiff } from '../clusters/manifestDiff.ts';
import { parseReplicaSet, parseWorkload } from '../clusters/parseWorkload.ts';
import { readAnswer } from '../clusters/readAnswer.ts';
import type { ReplicaSetFacts, WorkloadFacts } from '../model/workloadFacts.ts';
import type { PlanContext } from './planContext.ts';

/**
 * The Deployments, as `deployment/agent-name`, that have missed their progress deadline and are about to get the
 * template of an earlier ReplicaSet back. Kubernetes 1.37 says of such a one that its deadline is missed until the failed
 * pods have gone, and the watcher of helm 4.3.1 believes it.
 */
export async function readLateReturns(
  context: PlanContext,
  diffs: readonly ObjectDiff[],
): Promise<readonly string[]> {
  const late = diffs.flatMap(({ objects }) => {
    const live = objects && parseWorkload('Deployment', objects.live);
    return live && hasMissedDeadline(live)
      ? [{ live, template: parseWorkload('Deployment', objects.applied).template }]
      : [];
  });
  if (late.length === 0) {
    return [];
  }
  const replicaSets = await listReplicaSets(context);
  return late
    .filter(
      ({ live, template }) =>
        template !== live.template &&
        replicaSets.some(set => set.ownerUid === live.uid && set.template === template),
    )
    .map(({ live }) => `deployment/${live.name}`);
}

function hasMissedDeadline({ conditions }: WorkloadFacts): boolean {
  return conditions.some(({ reason }) => reason === 'ProgressDeadlineExceeded');
}

async function listReplicaSets({ access, signal }: PlanContext): Promise<readonly ReplicaSetFacts[]> {
  const path = `/apis/apps/v1/namespaces/${encodeURIComponent(access.namespace)}/replicasets`;
  return await readAnswer(access.cluster.connection, { path, signal }, value =>
    listSchema.parse(value).items.map(parseReplicaSet),
  );
}

const listSchema = z.object({ items: z.array(z.unknown()) });
