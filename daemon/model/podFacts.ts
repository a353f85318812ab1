/** How a container ended. */
export type ContainerEnd = {
  readonly exitCode: number;
  /** `Error`, `OOMKilled`, `Completed`. */
  readonly reason?: string;
  readonly message?: string;
  /** ISO time in UTC. */
  readonly finishedAt?: string;
};

/** One life of a container, from its start to its end. */
export type ContainerRun = {
  /** The runtime's id of it; where the cluster gives none, when it started. */
  readonly id: string;
  /** ISO time in UTC. */
  readonly startedAt?: string;
};

/** What a container does at present. */
export type ContainerState =
  | { readonly type: 'waiting'; readonly reason: string; readonly message?: string }
  | { readonly type: 'running'; readonly startedAt: string }
  | { readonly type: 'terminated'; readonly end: ContainerEnd };

/** What is kept of a container of a pod, its specification and its status together. */
export type ContainerFacts = {
  readonly name: string;
  readonly image: string;
  readonly imageId?: string;
  readonly init: boolean;
  readonly ready: boolean;
  readonly restarts: number;
  readonly state: ContainerState;
  readonly lastEnd?: ContainerEnd;
  /** The run whose log is the container's log: the present one, or the last one while it waits; absent before the first. */
  readonly run?: ContainerRun;
  /** The run whose log is the previous log. */
  readonly previousRun?: ContainerRun;
  /** How long its probes may fail before it counts as never ready, in seconds; absent without a readiness probe. */
  readonly readySeconds?: number;
};

/** What is kept of a pod. */
export type PodFacts = {
  readonly uid: string;
  readonly name: string;
  readonly phase: string;
  /** Why the pod as a whole is as it is: `Evicted`. */
  readonly reason?: string;
  readonly message?: string;
  readonly node?: string;
  /** ISO time in UTC. */
  readonly createdAt: string;
  readonly deleting: boolean;
  readonly ready: boolean;
  /** Since when `ready` is as it is, as an ISO time in UTC. */
  readonly readySince?: string;
  /** Why no node takes it, in the scheduler's words. */
  readonly unschedulable?: string;
  /** The uid of the controller that made it. */
  readonly ownerUid?: string;
  /** The name of the Job that made it. */
  readonly job?: string;
  /** Label `controller-revision-hash` of the pods of a StatefulSet or DaemonSet. */
  readonly revisionHash?: string;
  /** Label `pod-template-generation` of the pods of a DaemonSet. */
  readonly templateGeneration?: string;
  /** Init containers first, each group in the order of the specification. */
  readonly containers: readonly ContainerFacts[];
  /** What people have added to look at it (`kubectl debug`): it says nothing of how the pod is. */
  readonly debugContainers?: readonly ContainerFacts[];
};
