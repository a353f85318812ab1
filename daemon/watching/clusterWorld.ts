import * as z from 'zod';
import type { ClusterConnection } from '../clusters/clusterConnection.ts';
import { readClusterId, whenIdentified } from '../clusters/clusterIdentity.ts';
import type { ClusterRequest } from '../clusters/clusterRequest.ts';
import type { Cluster } from '../clusters/clusters.ts';
import { readHelmRecord } from '../clusters/helmRecord.ts';
import { helmSelector, parseHelmRow } from '../clusters/helmRevisions.ts';
import { metadataListAccept } from '../clusters/metadataAccept.ts';
import { optional } from '../clusters/optional.ts';
import { parsePod } from '../clusters/parsePod.ts';
import { parseReplicaSet, parseWorkload } from '../clusters/parseWorkload.ts';
import { readAnswer } from '../clusters/readAnswer.ts';
import type { FailureCause, HelmRevision, WorkloadStatus } from '../model/rollout.ts';
import { buildNamespaceStatus } from '../model/workloadStatus.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { LookAhead } from '../steps/lookAhead.ts';
import type { World } from '../steps/step.ts';

/** Where a world is. */
export type ClusterWorldOptions = {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly clusterId: string;
  /** What the environment's watch says of failing pods; nothing without a watch. */
  readonly causes: () => readonly FailureCause[];
  /** Calls back when the environment's watch sees a change. */
  readonly onChanged: (listener: () => void) => { dispose(): void };
};

// An empty list of metadata is written as null.
const listSchema = z.object({ items: z.nullable(z.array(z.unknown())).transform(items => items ?? []) });

/**
 * The real world of a promotion's target, asked anew at each look: a watch may lag behind what a tool has just done.
 * Every look first makes sure that it is the same cluster.
 */
export function buildClusterWorld(options: ClusterWorldOptions): World {
  const { cluster, namespace, clusterId } = options;
  const { connection } = cluster;
  const at = `namespaces/${encodeURIComponent(namespace)}`;

  const list = async (
    path: string,
    query: Record<string, string> = {},
    accept?: string,
  ): Promise<unknown[]> => {
    return readList(connection, { path, query, ...optional('accept', accept) });
  };

  const requireSameCluster = async (): Promise<void> => {
    const actual = await readClusterId(connection);
    if (actual !== clusterId) {
      throw new SlipwayError(
        'wrongCluster',
        `"${cluster.context}" now leads to the cluster ${actual}, not ${clusterId}.`,
      );
    }
  };

  const readWorkloads = async (): Promise<readonly WorkloadStatus[]> => {
    const kinds = [
      ['Deployment', 'deployments'],
      ['StatefulSet', 'statefulsets'],
      ['DaemonSet', 'daemonsets'],
    ] as const;
    const [workloads, replicaSets, pods] = await Promise.all([
      Promise.all(
        kinds.map(async ([kind, plural]) =>
          (await list(`/apis/apps/v1/${at}/${plural}`)).map(object => parseWorkload(kind, object)),
        ),
      ),
      list(`/apis/apps/v1/${at}/replicasets`),
      list(`/api/v1/${at}/pods`),
    ]);
    const facts = {
      workloads: workloads.flat(),
      replicaSets: replicaSets.map(parseReplicaSet),
      pods: pods.map(parsePod),
    };
    return buildNamespaceStatus(facts, Date.now(), new Map()).workloads;
  };

  const lookAtWorkloads = () => whenIdentified(requireSameCluster, readWorkloads);
  const ahead = new LookAhead<readonly WorkloadStatus[]>();

  return {
    revisions: release =>
      whenIdentified(requireSameCluster, () => readRevisions(list, { namespace, release })),
    describeRevision: async (release, revision) => {
      const record = await readHelmRecord({ connection }, namespace, buildRecordName(release, revision));
      return record.description;
    },
    beginWorkloads: () => ahead.begin(lookAtWorkloads()),
    workloads: () => ahead.take() ?? lookAtWorkloads(),
    causes: options.causes,
    onChanged: options.onChanged,
  };
}

/** Helm's rows of a release, oldest first, by the metadata of its Secrets alone. */
export async function readHelmRevisions(
  cluster: Cluster,
  at: { readonly namespace: string; readonly release: string },
): Promise<readonly HelmRevision[]> {
  return readRevisions(
    (path, query, accept) => readList(cluster.connection, { path, query, ...optional('accept', accept) }),
    at,
  );
}

/** The name of the Secret in which Helm keeps a revision. */
export function buildRecordName(release: string, revision: number): string {
  return `sh.helm.release.v1.${release}.v${revision}`;
}

function readList(connection: ClusterConnection, request: ClusterRequest): Promise<unknown[]> {
  return readAnswer(connection, request, value => listSchema.parse(value).items);
}

async function readRevisions(
  list: (path: string, query: Record<string, string>, accept?: string) => Promise<unknown[]>,
  { namespace, release }: { readonly namespace: string; readonly release: string },
): Promise<readonly HelmRevision[]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
  const rows = await list(path, { labelSelector: `${helmSelector},name=${release}` }, metadataListAccept);
  return rows.map(row => parseHelmRow(row).revision).sort((left, right) => left.revision - right.revision);
}
