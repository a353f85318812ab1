import * as z from 'zod';
import type { ClusterConnection } from './clusterConnection.ts';
import { ClusterError } from './clusterError.ts';
import { metadataAccept } from './metadataAccept.ts';
import { optional } from './optional.ts';
import { readAnswer } from './readAnswer.ts';

/** Reads the identity of a cluster: the uid of its namespace `kube-system`, which no other cluster has. */
export async function readClusterId(connection: ClusterConnection, signal?: AbortSignal): Promise<string> {
  return await readAnswer(
    connection,
    { path: '/api/v1/namespaces/kube-system', accept: metadataAccept, ...optional('signal', signal) },
    value => namespaceSchema.parse(value).metadata.uid,
  );
}

/** Throws `wrongCluster` when `actual` is not the cluster that is meant. */
export function checkClusterId(
  actual: string,
  expected: string,
  where: { readonly context: string; readonly server: string },
): void {
  if (actual !== expected) {
    throw new ClusterError(
      'wrongCluster',
      `The context "${where.context}" (${where.server}) leads to the cluster ${actual}, not to ${expected}.`,
      { details: { context: where.context, server: where.server, actual, expected } },
    );
  }
}

/** Asks both at once: an answer counts only when the cluster that gave it turned out to be the right one. */
export async function whenIdentified<T>(identify: () => Promise<void>, look: () => Promise<T>): Promise<T> {
  const [identity, answer] = await Promise.allSettled([identify(), look()]);
  if (identity.status === 'rejected') {
    throw identity.reason;
  }
  if (answer.status === 'rejected') {
    throw answer.reason;
  }
  return answer.value;
}

const namespaceSchema = z.object({ metadata: z.object({ uid: z.string() }) });
