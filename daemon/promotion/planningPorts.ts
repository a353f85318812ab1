import type { ClusterConnection } from '../clusters/clusterConnection.ts';
import type { Digest } from '../model/digest.ts';
import type { CommitRange } from '../model/plan.ts';
import type { Environment, Procedure } from '../model/procedure.ts';
import type { EnvironmentView } from '../protocol/environment.ts';

/** A release that can be planned. */
export type PlannableRelease = { readonly version: string; readonly commit: string };

/** The way to an environment's cluster, its identity checked. */
export type EnvironmentAccess = {
  readonly connection: ClusterConnection;
  readonly namespace: string;
  readonly clusterId: string;
  readonly context: string;
  readonly server: string;
  /** A minified kubeconfig of this one context. */
  readKubeconfig(): Promise<string>;
};

/** The governing procedure and where it was read. */
export type GoverningPolicy = {
  readonly procedure: Procedure;
  readonly from: string;
  readonly commit: string;
  readonly advice?: string;
};

/** A repository as planning and starting need it. */
export type PlanningRepository = {
  readonly id: string;
  /** Throws `notTrusted` unless the person trusted exactly these commands. */
  requireTrust(): void;
  /** Reads the governing policy anew. Throws `noProcedure`, `invalidProcedure` or `policyUnavailable`. */
  requirePolicy(): Promise<GoverningPolicy>;
  /** Throws `unknownRelease` or `movedTag`. */
  findRelease(version: string): PlannableRelease;
  /** The release of a version if there is one. */
  lookUpRelease(version: string): PlannableRelease | undefined;
  buildReleaseDigest(policy: GoverningPolicy, release: PlannableRelease): Promise<Digest>;
  /** A folder with the files of a commit, for reading. */
  checkout(commit: string): Promise<string>;
  compareCommits(from: string | undefined, to: string): Promise<CommitRange>;
  /** Checks the cluster's identity. Throws `notConnected`, `wrongCluster`, `clusterUnreachable`, ... */
  access(environment: Environment, signal?: AbortSignal): Promise<EnvironmentAccess>;
  /** The environment as it stands. */
  viewEnvironment(name: string): EnvironmentView | undefined;
};
