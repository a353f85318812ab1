import type { ConnectionStatus } from '../model/connectionState.ts';
import type { FailureCause, HelmRevision, WorkloadStatus } from '../model/rollout.ts';
import type { WorkloadImages } from '../model/runningVersion.ts';
import type { WorkloadLabels } from '../model/workloadFacts.ts';

/** What is known of the namespace of an environment; while it is not live, what was known last. */
export type EnvironmentState = {
  readonly connection: ConnectionStatus;
  /** The uid of the cluster's namespace `kube-system`, once it has answered. */
  readonly clusterId?: string;
  /** By name. */
  readonly workloads: readonly WorkloadStatus[];
  /** Helm's rows by release and number, oldest first; none where Secrets cannot be listed: `notices` says so. */
  readonly revisions: readonly HelmRevision[];
  /** Why pods of newest templates fail. */
  readonly causes: readonly FailureCause[];
  /** Helm release to the images in its record of the deployed revision. */
  readonly recorded: Readonly<Record<string, WorkloadImages>>;
  /** Workload (`deployment/agent-name`) to what its labels say: all there is without Helm's record. */
  readonly labelled: Readonly<Record<string, WorkloadLabels>>;
  /** What is not shown, and why; one sentence each. */
  readonly notices: readonly string[];
};

/** The state before anything was contacted. */
export function buildUnconnectedState(context: string): EnvironmentState {
  return {
    connection: { state: 'notConnected', context },
    workloads: [],
    revisions: [],
    causes: [],
    recorded: {},
    labelled: {},
    notices: [],
  };
}
