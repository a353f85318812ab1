/** How something stands; `unknown` is never shown as good. */
export type Health = 'pass' | 'fail' | 'unknown' | 'progressing';

/** A container of a pod, as people need to see it. */
export type ContainerStatus = {
  readonly name: string;
  readonly image: string;
  readonly imageId?: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** `Running`, or the reason it waits or ended: `CrashLoopBackOff`. */
  readonly state: string;
  readonly message?: string;
  /** Why it ended the last time: `Error, exit code 1`. */
  readonly lastEnd?: string;
};

/** A pod of a workload. */
export type PodStatus = {
  readonly uid: string;
  readonly name: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly node?: string;
  /** ISO time in UTC. */
  readonly createdAt: string;
  readonly deleting: boolean;
  /** True for a pod of the workload's newest template. */
  readonly current: boolean;
  readonly containers: readonly ContainerStatus[];
  /** The reason it is failing; absent while it is not. */
  readonly failure?: string;
};

/** The live state of one workload. */
export type WorkloadStatus = {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly name: string;
  readonly uid: string;
  readonly images: Readonly<Record<string, string>>;
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly health: Health;
  /** One sentence: "2 of 3 replicas are available". */
  readonly reason: string;
  /** Since when the health has been so, as an ISO time in UTC. */
  readonly since: string;
  readonly pods: readonly PodStatus[];
};

/** Why a pod fails, with what the cluster and the container say about it. */
export type FailureCause = {
  readonly workload: string;
  readonly pod: string;
  readonly container: string;
  readonly reason: string;
  readonly message?: string;
  /** `Warning BackOff: Back-off restarting failed container (x4)`, newest last. */
  readonly events: readonly string[];
  /** The last log lines of the container, of its previous run where it restarted; newest last. */
  readonly logLines: readonly string[];
  /** When it was gathered, as an ISO time in UTC. */
  readonly at: string;
};

/** One row of Helm's own record. */
export type HelmRevision = {
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
  readonly status: string;
  /** ISO time in UTC of the last change of the record. */
  readonly changedAt: string;
  /** The promotion whose label the row carries. */
  readonly promotionId?: string;
  /** The uid of the record itself: after an uninstall Helm counts from 1 again, and only this tells two rows apart. */
  readonly recordUid?: string;
};
