import type { Health } from './rollout.ts';
import type { WorkloadCondition, WorkloadFacts } from './workloadFacts.ts';

/** How a workload stands and why, as one sentence without a full stop. */
export type WorkloadHealth = { readonly health: Health; readonly reason: string };

/** What is around a workload that decides about its health. */
export type WorkloadSurroundings = {
  /** Why a pod of the newest template fails. */
  readonly failure?: string;
  /** The name of a Deployment's newest ReplicaSet, where it is known. */
  readonly newestReplicaSet?: string;
  /** How many pods of the newest template are ready. */
  readonly readyPods?: number;
  /** A pod of another revision on which an ordered StatefulSet waits for ever, and why it fails, where that is known. */
  readonly stuck?: { readonly pod: string; readonly failure?: string };
};

/**
 * Decides the health of a workload as `kubectl rollout status` does, and goes on after the rollout:
 * what was rolled out and then loses pods fails. What a controller still says of the rollout before counts for nothing.
 */
export function decideWorkloadHealth(
  workload: WorkloadFacts,
  around: WorkloadSurroundings = {},
): WorkloadHealth {
  if (workload.observedGeneration < workload.generation) {
    return { health: 'progressing', reason: 'its controller has not seen the last change yet' };
  }
  const { failure } = around;
  const { health, reason, settled } = deciders[workload.kind](workload, around);
  if (health === 'pass' || failure === undefined) {
    return { health, reason };
  }
  return {
    health: settled && health === 'progressing' ? 'fail' : health,
    reason: `${reason}; ${failure}`,
  };
}

/** `settled`: the rollout was complete before, so pods that are missing now were lost. */
type Verdict = WorkloadHealth & { readonly settled: boolean };

type Decider = (workload: WorkloadFacts, around: WorkloadSurroundings) => Verdict;

const deciders: Readonly<Record<WorkloadFacts['kind'], Decider>> = {
  Deployment: decideDeployment,
  StatefulSet: decideStatefulSet,
  DaemonSet: decideDaemonSet,
};

function decideDeployment(workload: WorkloadFacts, around: WorkloadSurroundings): Verdict {
  const { desired, updated, replicas, available } = workload;
  const progress = findProgress(workload, around);
  const settled = progress?.reason === 'NewReplicaSetAvailable';
  const progressing = (reason: string): Verdict => ({ health: 'progressing', reason, settled });
  if (progress?.reason === 'ProgressDeadlineExceeded') {
    return {
      health: 'fail',
      reason: `it has exceeded its progress deadline: ${available} of ${desired} replicas are available`,
      settled,
    };
  }
  const blocked = findCondition(workload, 'ReplicaFailure');
  if (blocked?.status === 'True') {
    return progressing(`its pods cannot be made: ${blocked.message ?? blocked.reason ?? 'no reason given'}`);
  }
  if (updated < desired) {
    return progressing(
      `${updated} of ${desired} replicas are updated${workload.paused ? ', and it is paused (kubectl rollout resume lets it go on)' : ''}`,
    );
  }
  if (replicas > updated) {
    return progressing(buildTermination(replicas - updated));
  }
  if (available < updated) {
    const lost = settled && findCondition(workload, 'Available')?.status === 'False';
    return {
      health: lost ? 'fail' : 'progressing',
      reason: `${available} of ${desired} replicas are available`,
      settled,
    };
  }
  return buildPass(workload, `${available} of ${desired} replicas are available`);
}

function decideStatefulSet(workload: WorkloadFacts, { stuck }: WorkloadSurroundings): Verdict {
  const { desired, updated, ready, partition } = workload;
  const settled = workload.updateRevision === workload.currentRevision;
  const progressing = (reason: string): Verdict => ({ health: 'progressing', reason, settled });
  if (stuck && ready < desired) {
    return {
      health: stuck.failure === undefined ? 'progressing' : 'fail',
      reason: `${ready} of ${desired} replicas are ready; ${describeStuck(stuck)}`,
      settled,
    };
  }
  if (ready < desired) {
    return progressing(`${ready} of ${desired} replicas are ready`);
  }
  if (workload.onDelete) {
    return buildPass(
      workload,
      updated < desired
        ? `${updated} of ${desired} replicas are updated; the rest change when they are deleted`
        : `${ready} of ${desired} replicas are ready`,
    );
  }
  const toUpdate = Math.max(0, desired - partition);
  // Also after a way back in the middle of a rollout, when both revisions are the old one and some pods are not.
  if (updated < toUpdate) {
    return progressing(`${updated} of ${toUpdate} replicas are updated`);
  }
  if (partition > 0 && !settled) {
    return buildPass(
      workload,
      `${updated} of ${desired} replicas are updated, as its partition ${partition} says`,
    );
  }
  return settled
    ? buildPass(workload, `${ready} of ${desired} replicas are ready`)
    : progressing(`${updated} of ${desired} replicas are updated`);
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback */
function describeStuck({ pod, failure }: NonNullable<WorkloadSurroundings['stuck']>): string {
  return (
    `${pod} has another revision and is not ready${failure === undefined ? '' : ` (${failure})`}: Kubernetes waits for it ` +
    `and does not replace it, so delete it (kubectl delete pod ${pod})`
  );
}

function decideDaemonSet(workload: WorkloadFacts): Verdict {
  const { desired, updated, available } = workload;
  const settled = updated >= desired;
  if (!settled && !workload.onDelete) {
    return { health: 'progressing', reason: `${updated} of ${desired} pods are updated`, settled };
  }
  if (available < desired) {
    return { health: 'progressing', reason: `${available} of ${desired} pods are available`, settled };
  }
  return buildPass(
    workload,
    settled
      ? `${available} of ${desired} pods are available`
      : `${updated} of ${desired} pods are updated; the rest change when they are deleted`,
  );
}

function buildPass(workload: WorkloadFacts, reason: string): Verdict {
  return {
    health: 'pass',
    reason: workload.desired === 0 && workload.kind !== 'DaemonSet' ? 'it is scaled to 0 replicas' : reason,
    settled: true,
  };
}

function buildTermination(old: number): string {
  return old === 1 ? '1 old replica is still to end' : `${old} old replicas are still to end`;
}

/**
 * What the Deployment controller says about the newest rollout. When the template of an earlier ReplicaSet comes back,
 * its word on the failed one stays until it sees progress: with one replica that is when the failed pod has gone
 * (Kubernetes 1.37, `syncRolloutStatus`). The message names the ReplicaSet that is meant. And a deadline that was
 * inherited from an interrupted rollout may be over although every new pod is ready.
 */
function findProgress(workload: WorkloadFacts, around: WorkloadSurroundings): WorkloadCondition | undefined {
  const progress = findCondition(workload, 'Progressing');
  const named = /^ReplicaSet "([^"]+)"/.exec(progress?.message ?? '')?.[1];
  const { newestReplicaSet: newest, readyPods = 0 } = around;
  const isOfEarlier = named !== undefined && newest !== undefined && named !== newest;
  const isOver = progress?.reason === 'ProgressDeadlineExceeded' && readyPods >= workload.desired;
  return isOfEarlier || (isOver && workload.desired > 0) ? undefined : progress;
}

function findCondition(workload: WorkloadFacts, type: string): WorkloadCondition | undefined {
  return workload.conditions.find(condition => condition.type === type);
}
