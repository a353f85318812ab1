import { buildMissingRight } from '../clusters/clusterError.ts';
import type { Cluster } from '../clusters/clusters.ts';
import { type HelmRow, helmSelector, parseHelmRow } from '../clusters/helmRevisions.ts';
import { parsePod } from '../clusters/parsePod.ts';
import { parseReplicaSet, parseWorkload } from '../clusters/parseWorkload.ts';
import { readUserName, reviewAccess } from '../clusters/requests.ts';
import { ResilientWatch, type WatchStatus } from '../clusters/resilientWatch.ts';
import type { PodFacts } from '../model/podFacts.ts';
import type { ReplicaSetFacts, WorkloadFacts } from '../model/workloadFacts.ts';
import type { NamespaceFacts } from '../model/workloadStatus.ts';

/** The watches of one namespace. */
export type NamespaceWatches = {
  readonly deployments: ResilientWatch<WorkloadFacts>;
  readonly statefulSets: ResilientWatch<WorkloadFacts>;
  readonly daemonSets: ResilientWatch<WorkloadFacts>;
  readonly replicaSets: ResilientWatch<ReplicaSetFacts>;
  readonly pods: ResilientWatch<PodFacts>;
  readonly helm: ResilientWatch<HelmRow>;
};

/** Without the right to these the rest is still of use, and it is said what is missing. */
export const optionalWatches: Readonly<Partial<Record<keyof NamespaceWatches, string>>> = {
  statefulSets: 'StatefulSets are not shown',
  daemonSets: 'DaemonSets are not shown',
  helm: "Helm's record is not shown, and versions come from images and labels alone",
};

/** What the watches need, and who listens. */
export type NamespaceWatchesOptions = {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** Awaited before each connection. */
  readonly confirmIdentity: () => Promise<void>;
  readonly onEvent: (watch: keyof NamespaceWatches) => void;
  readonly onStatus: (status: WatchStatus) => void;
  /** Told of every connection that failed or broke. */
  readonly onBreak: () => void;
  /** Told of an object that Slipway does not understand. */
  readonly onProblem: (problem: unknown) => void;
};

/** Builds the watches of a namespace, each with a projection that keeps little; starts nothing. */
export function buildNamespaceWatches(options: NamespaceWatchesOptions): NamespaceWatches {
  const { cluster, confirmIdentity, onStatus, onBreak, onProblem } = options;
  const namespace = encodeURIComponent(options.namespace);
  const build = <T>(
    name: keyof NamespaceWatches,
    path: string,
    project: (object: unknown) => T,
    more: { readonly metadataOnly?: boolean; readonly labelSelector?: string } = {},
  ): ResilientWatch<T> =>
    new ResilientWatch({
      connection: cluster.connection,
      path,
      project,
      onEvent: () => options.onEvent(name),
      onStatus,
      onBreak,
      onProblem,
      beforeConnect: async () => {
        await confirmIdentity();
        if (name === 'helm') {
          await checkSecrets(cluster, options.namespace);
        }
      },
      ...more,
    });
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const core = `/api/v1/namespaces/${namespace}`;
  return {
    deployments: build('deployments', `${apps}/deployments`, object => parseWorkload('Deployment', object)),
    statefulSets: build('statefulSets', `${apps}/statefulsets`, object =>
      parseWorkload('StatefulSet', object),
    ),
    daemonSets: build('daemonSets', `${apps}/daemonsets`, object => parseWorkload('DaemonSet', object)),
    replicaSets: build('replicaSets', `${apps}/replicasets`, parseReplicaSet),
    pods: build('pods', `${core}/pods`, parsePod),
    helm: build('helm', `${core}/secrets`, parseHelmRow, { metadataOnly: true, labelSelector: helmSelector }),
  };
}

/** The watches with their names. */
export function listWatches(
  watches: NamespaceWatches,
): [keyof NamespaceWatches, NamespaceWatches[keyof NamespaceWatches]][] {
  return Object.entries(watches) as [keyof NamespaceWatches, NamespaceWatches[keyof NamespaceWatches]][];
}

/** What the watches know of the workloads and their pods. */
export function readNamespaceFacts(watches: NamespaceWatches): NamespaceFacts {
  const { deployments, statefulSets, daemonSets, replicaSets, pods } = watches;
  return {
    workloads: [...deployments.values(), ...statefulSets.values(), ...daemonSets.values()],
    replicaSets: replicaSets.values(),
    pods: pods.values(),
  };
}

/** What is not shown since the right to it is missing; one sentence each. */
export function describeMissing(watches: NamespaceWatches): readonly string[] {
  return listWatches(watches).flatMap(([name, { status }]) => {
    const what = optionalWatches[name];
    return what && status.type === 'stale' && status.error.code === 'forbidden'
      ? [`${what}: ${status.error.message}`]
      : [];
  });
}

/** Asks for the right first: a refused list of Secrets would look like an attack in the cluster's audit log. */
async function checkSecrets(cluster: Cluster, namespace: string): Promise<void> {
  for (const verb of ['list', 'watch']) {
    const { allowed } = await reviewAccess(cluster, { verb, resource: 'secrets', namespace });
    if (!allowed) {
      const user = (await readUserName(cluster)) ?? 'this user';
      throw buildMissingRight({ user, verb, object: 'secrets', namespace }, cluster.context);
    }
  }
}
