import { describeProxy } from './chooseProxy.ts';
import { ClusterError } from './clusterError.ts';
import { describeNetworkError } from './networkError.ts';
import type { Asking } from './requests.ts';

/** Which part of a container's log is asked for, and whether what comes later is waited for. */
export type LogQuery = {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly follow: boolean;
  /** The run before the present one. */
  readonly previous?: boolean;
  /** The API server cuts it to whole seconds, and leaves out every line that is older. */
  readonly sinceTime?: string;
  readonly sinceSeconds?: number;
  /** Counts what the runtime wrote: a long line may count as several. */
  readonly tailLines?: number;
};

/** How long the answer may take to begin, in milliseconds. */
const openTimeoutMs = 15_000;

/**
 * Opens the log of a container, every line with the time at which it was written. The bytes end when the log ends,
 * when `signal` aborts, or with a ClusterError when the connection is cut. Throws a ClusterError.
 */
export async function openLogStream(asking: Asking, query: LogQuery): Promise<AsyncIterable<Uint8Array>> {
  return nameCut(await openBody(asking, query), asking, query);
}

function openBody({ connection, signal }: Asking, query: LogQuery): Promise<AsyncIterable<Uint8Array>> {
  const { namespace, pod, container, follow, previous, sinceTime, sinceSeconds, tailLines } = query;
  return connection.stream({
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`,
    query: {
      container,
      timestamps: true,
      follow: follow || undefined,
      previous: previous || undefined,
      sinceTime,
      sinceSeconds,
      tailLines,
    },
    accept: '*/*',
    timeoutMs: openTimeoutMs,
    ...(signal ? { signal } : {}),
  });
}

/** Says on which way it was cut: nothing of it may be the cluster's fault. */
async function* nameCut(
  stream: AsyncIterable<Uint8Array>,
  { connection, signal }: Asking,
  { pod }: LogQuery,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* stream;
  } catch (error) {
    if (signal?.aborted) {
      throw error;
    }
    const way = connection.proxy ? ` on its way through ${describeProxy(connection.proxy)}` : '';
    throw new ClusterError(
      'unreachable',
      `The log of pod ${pod} was cut${way}: ${describeNetworkError(error)}.`,
      { cause: error },
    );
  }
}
