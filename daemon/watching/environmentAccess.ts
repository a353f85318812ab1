import type { Cluster } from '../clusters/clusters.ts';

/** The way to an environment's cluster, its identity checked at the moment it was made. */
export type EnvironmentAccess = {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly clusterId: string;
  readonly context: string;
  readonly server: string;
  /** The minified kubeconfig that led to the cluster, for a tool. */
  readonly kubeconfig: string;
};
