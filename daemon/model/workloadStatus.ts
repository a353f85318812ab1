import type { ContainerFacts, PodFacts } from './podFacts.ts';
import { decidePodFailure, describeContainerEnd, type PodFailure } from './podFailure.ts';
import type { ContainerStatus, Health, PodStatus, WorkloadStatus } from './rollout.ts';
import type { ReplicaSetFacts, WorkloadFacts } from './workloadFacts.ts';
import { decideWorkloadHealth, type WorkloadSurroundings } from './workloadHealth.ts';

/** What a namespace holds, as its watches know it. */
export type NamespaceFacts = {
  readonly workloads: readonly WorkloadFacts[];
  readonly replicaSets: readonly ReplicaSetFacts[];
  readonly pods: readonly PodFacts[];
};

/** What a failing pod belongs to. */
export type PodOwner = { readonly kind: string; readonly name: string; readonly uid: string };

/** A pod of a newest template that fails, one that keeps the newest template from coming, or one of a Job. */
export type FailingPod = {
  readonly workload: PodOwner;
  readonly pod: PodFacts;
  readonly failure: PodFailure;
};

/** The workloads of a namespace as people see them. */
export type NamespaceStatus = {
  /** By name. */
  readonly workloads: readonly WorkloadStatus[];
  /** The failing pods of newest templates, oldest first. */
  readonly failing: readonly FailingPod[];
  /** When time alone can change the answer, in milliseconds since 1970. */
  readonly decideAgainAt?: number;
};

/** Since when a workload's health is as it is. */
export type HealthSince = { readonly health: Health; readonly since: string };

/**
 * Puts workloads, ReplicaSets and pods together at `now` (milliseconds since 1970); `previous` maps a workload's
 * uid to what was said of it before.
 */
export function buildNamespaceStatus(
  facts: NamespaceFacts,
  now: number,
  previous: ReadonlyMap<string, HealthSince>,
): NamespaceStatus {
  const failing: FailingPod[] = [];
  let decideAgainAt = Number.POSITIVE_INFINITY;
  const podsOf = groupPods(facts);
  const workloads = [...facts.workloads]
    .sort((left, right) => compare(left.name, right.name) || compare(left.kind, right.kind))
    .map(workload => {
      const newest = findNewestReplicaSet(workload, facts.replicaSets);
      const isCurrent = findCurrentPods(workload, newest);
      const failures: FailingPod[] = [];
      let stuck: StuckPod | undefined;
      const pods = (podsOf.get(workload.uid) ?? []).map(pod => {
        const verdict = decidePodFailure(pod, now);
        decideAgainAt = Math.min(decideAgainAt, verdict.decideAgainAt ?? Number.POSITIVE_INFINITY);
        const current = isCurrent(pod);
        const blocks = !current && isStuck(workload, pod);
        if (blocks) {
          stuck ??= { pod: pod.name, ...(verdict.failure ? { failure: verdict.failure.reason } : {}) };
        }
        if ((current || blocks) && verdict.failure) {
          failures.push({ workload, pod, failure: verdict.failure });
        }
        return buildPodStatus(pod, { current, failure: verdict.failure });
      });
      failing.push(...failures);
      return buildWorkload(workload, {
        pods,
        failure: stuck ? undefined : failures[0],
        stuck,
        newest,
        now,
        previous: previous.get(workload.uid),
      });
    });
  return { workloads, failing, ...(Number.isFinite(decideAgainAt) ? { decideAgainAt } : {}) };
}

type StuckPod = NonNullable<WorkloadSurroundings['stuck']>;

/** An ordered StatefulSet replaces no pod while one is not ready, be it the very one that has to be replaced. */
function isStuck(workload: WorkloadFacts, pod: PodFacts): boolean {
  return workload.ordered && !workload.onDelete && !pod.ready && !pod.deleting;
}

/**
 * A Deployment's newest ReplicaSet: the oldest one with the same template, as the Deployment controller itself finds it;
 * before that controller has acted, the revision number would still name the old one.
 */
function findNewestReplicaSet(
  workload: WorkloadFacts,
  replicaSets: readonly ReplicaSetFacts[],
): ReplicaSetFacts | undefined {
  return replicaSets
    .filter(set => set.ownerUid === workload.uid && set.template === workload.template)
    .sort((left, right) => compare(left.createdAt, right.createdAt))[0];
}

/** Tells which pods were made from a workload's newest template. */
function findCurrentPods(
  workload: WorkloadFacts,
  newest: ReplicaSetFacts | undefined,
): (pod: PodFacts) => boolean {
  switch (workload.kind) {
    case 'Deployment':
      return pod => newest !== undefined && pod.ownerUid === newest.uid;
    case 'StatefulSet':
      return pod => pod.revisionHash === workload.updateRevision;
    case 'DaemonSet':
      return pod => pod.templateGeneration === workload.templateGeneration;
  }
}

/**
 * The pods of a workload or a Job (`deployment/agent-name`), oldest first, or the pod of a name
 * (`pod/agent-name-5c6f-x2k`); `undefined` where there is no such thing.
 */
export function findPodsOf(facts: NamespaceFacts, name: string): readonly PodFacts[] | undefined {
  if (/^(?:pod|job)\//.test(name)) {
    const pods = facts.pods.filter(pod => `pod/${pod.name}` === name || `job/${pod.job}` === name);
    return pods.length > 0 ? pods.toSorted(byAge) : undefined;
  }
  const workload = facts.workloads.find(one => `${one.kind.toLowerCase()}/${one.name}` === name);
  return workload && (groupPods(facts).get(workload.uid) ?? []);
}

function groupPods({
  workloads,
  replicaSets,
  pods,
}: NamespaceFacts): ReadonlyMap<string, readonly PodFacts[]> {
  const ownerOf = new Map(replicaSets.map(set => [set.uid, set.ownerUid]));
  const known = new Set(workloads.map(workload => workload.uid));
  const groups = new Map<string, PodFacts[]>();
  for (const pod of pods.toSorted(byAge)) {
    const owner = pod.ownerUid === undefined ? undefined : (ownerOf.get(pod.ownerUid) ?? pod.ownerUid);
    if (owner !== undefined && known.has(owner)) {
      const group = groups.get(owner);
      if (group) {
        group.push(pod);
      } else {
        groups.set(owner, [pod]);
      }
    }
  }
  return groups;
}

function buildWorkload(
  workload: WorkloadFacts,
  around: {
    readonly pods: readonly PodStatus[];
    readonly failure: FailingPod | undefined;
    readonly stuck: StuckPod | undefined;
    readonly newest: ReplicaSetFacts | undefined;
    readonly now: number;
    readonly previous: HealthSince | undefined;
  },
): WorkloadStatus {
  const { failure, stuck, newest, previous } = around;
  const { health, reason } = decideWorkloadHealth(workload, {
    ...(failure ? { failure: `${failure.pod.name}: ${failure.failure.reason}` } : {}),
    ...(stuck ? { stuck } : {}),
    ...(newest ? { newestReplicaSet: newest.name } : {}),
    readyPods: around.pods.filter(pod => pod.current && pod.ready && !pod.deleting).length,
  });
  const estimate = estimateSince(workload, health);
  return {
    kind: workload.kind,
    name: workload.name,
    uid: workload.uid,
    images: workload.images,
    desired: workload.desired,
    updated: workload.updated,
    ready: workload.ready,
    available: workload.available,
    health,
    reason,
    since: decideSince({ health, estimate, now: around.now, previous }),
    pods: around.pods,
  };
}

/** The cluster's own time of the change wins where it has one that is newer than what was known. */
function decideSince(options: {
  readonly health: Health;
  readonly estimate: string;
  readonly now: number;
  readonly previous: HealthSince | undefined;
}): string {
  const { health, estimate, previous } = options;
  if (!previous) {
    return estimate;
  }
  if (previous.health === health) {
    return previous.since;
  }
  return Date.parse(estimate) > Date.parse(previous.since) ? estimate : new Date(options.now).toISOString();
}

/** The newest time that a workload's own conditions give for its health; else when it was made. */
function estimateSince(workload: WorkloadFacts, health: Health): string {
  const times = workload.conditions.flatMap(condition => {
    switch (condition.type) {
      case 'Progressing':
        return (health === 'progressing' ? condition.changedAt : condition.updatedAt) ?? [];
      case 'Available':
        return condition.changedAt ?? [];
      default:
        return [];
    }
  });
  const newest = Math.max(Date.parse(workload.createdAt), ...times.map(time => Date.parse(time)));
  return new Date(newest).toISOString();
}

function buildPodStatus(
  pod: PodFacts,
  { current, failure }: { readonly current: boolean; readonly failure: PodFailure | undefined },
): PodStatus {
  return {
    uid: pod.uid,
    name: pod.name,
    phase: pod.phase,
    ready: pod.ready,
    ...(pod.node === undefined ? {} : { node: pod.node }),
    createdAt: pod.createdAt,
    deleting: pod.deleting,
    current,
    containers: pod.containers
      .filter(container => !container.init || isInteresting(container))
      .map(buildContainer),
    ...(failure ? { failure: failure.reason } : {}),
  };
}

/** An init container that has ended well is history. */
function isInteresting({ state }: ContainerFacts): boolean {
  return state.type !== 'terminated' || state.end.exitCode !== 0;
}

function buildContainer(container: ContainerFacts): ContainerStatus {
  const { state, lastEnd } = container;
  const message =
    state.type === 'waiting' ? state.message : state.type === 'terminated' ? state.end.message : undefined;
  const end = state.type === 'terminated' ? state.end : lastEnd;
  return {
    name: container.name,
    image: container.image,
    ...(container.imageId ? { imageId: container.imageId } : {}),
    ready: container.ready,
    restarts: container.restarts,
    state: describeState(container),
    ...(message === undefined ? {} : { message }),
    ...(end ? { lastEnd: describeContainerEnd(end) } : {}),
  };
}

function describeState({ state }: ContainerFacts): string {
  switch (state.type) {
    case 'waiting':
      return state.reason || 'Waiting';
    case 'running':
      return 'Running';
    case 'terminated':
      return state.end.reason ?? (state.end.exitCode === 0 ? 'Completed' : 'Error');
  }
}

function byAge(left: PodFacts, right: PodFacts): number {
  return compare(left.createdAt, right.createdAt) || compare(left.name, right.name);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
