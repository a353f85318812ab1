import type { Digest } from './digest.ts';

/** A condition of a workload. */
export type WorkloadCondition = {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  /** ISO time in UTC of the last change of `status`. */
  readonly changedAt?: string;
  /** ISO time in UTC of the last change of anything in it. */
  readonly updatedAt?: string;
};

/** What is kept of a Deployment, StatefulSet or DaemonSet. */
export type WorkloadFacts = {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly name: string;
  readonly uid: string;
  /** ISO time in UTC. */
  readonly createdAt: string;
  readonly generation: number;
  readonly observedGeneration: number;
  /** Container name to image, without init containers, in the order of the specification. */
  readonly images: Readonly<Record<string, string>>;
  /** The digest of the pod template. */
  readonly template: Digest;
  readonly desired: number;
  /** Pods that exist, of the newest template or not. */
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly paused: boolean;
  /** True where pods are replaced only when somebody deletes them. */
  readonly onDelete: boolean;
  /** True for a StatefulSet that makes and replaces one pod after the other, each once those before it are ready. */
  readonly ordered: boolean;
  /** A StatefulSet updates only pods with this ordinal or a higher one. */
  readonly partition: number;
  /** The number of a Deployment's newest ReplicaSet. */
  readonly revision?: string;
  /** The newest ControllerRevision of a StatefulSet, and the one that all pods had before. */
  readonly updateRevision?: string;
  readonly currentRevision?: string;
  /** The generation of a DaemonSet's template. */
  readonly templateGeneration?: string;
  readonly conditions: readonly WorkloadCondition[];
  /** What Helm or a chart wrote on it, where it did. */
  readonly labelled: WorkloadLabels;
};

/** What the labels and annotations of a workload say about where it comes from. */
export type WorkloadLabels = {
  /** Annotation `meta.helm.sh/release-name`. */
  readonly release?: string;
  /** Label `helm.sh/chart`. */
  readonly chart?: string;
  /** Label `app.kubernetes.io/version`. */
  readonly version?: string;
};

/** What is kept of a ReplicaSet: enough to tell which one a Deployment's newest template made. */
export type ReplicaSetFacts = {
  readonly uid: string;
  readonly name: string;
  readonly ownerUid?: string;
  /** ISO time in UTC. */
  readonly createdAt: string;
  /** The digest of its pod template without the label `pod-template-hash`. */
  readonly template: Digest;
  readonly revision?: string;
};
