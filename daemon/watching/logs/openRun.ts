import type { ClusterConnection } from '../../clusters/clusterConnection.ts';
import { ClusterError } from '../../clusters/clusterError.ts';
import { type LogQuery, openLogStream } from '../../clusters/logStream.ts';
import { readPod } from '../../clusters/requests.ts';
import type { ContainerFacts, PodFacts } from '../../model/podFacts.ts';
import { findLogged } from './listLogged.ts';

/** One container of one pod: a pod of the same name and another uid is another pod. */
export type LogPlace = {
  readonly connection: ClusterConnection;
  readonly namespace: string;
  readonly pod: string;
  readonly podUid: string;
  readonly container: string;
};

/** What the cluster says of a container at this moment; `gone` when its pod is not there any more. */
export type ContainerLook =
  | { readonly type: 'there'; readonly pod: PodFacts; readonly container: ContainerFacts }
  | { readonly type: 'gone'; readonly replaced: boolean };

/** Asks the cluster, since a watch may lag behind. Throws a ClusterError. */
export async function lookAtContainer(place: LogPlace, signal: AbortSignal): Promise<ContainerLook> {
  const { connection, namespace } = place;
  const pod = await readPod({ connection, signal }, { namespace, name: place.pod });
  const container = findLogged(pod, place.container);
  return pod?.uid === place.podUid && container
    ? { type: 'there', pod, container }
    : { type: 'gone', replaced: pod !== undefined };
}

/**
 * Opens the log of one run of a container, and makes sure that it is that run's: requests name a container, which may
 * have been restarted, and a pod, which may have been replaced. `undefined` when it is another's by now.
 */
export async function openRun(
  place: LogPlace,
  run: { readonly id: string; readonly previous: boolean },
  query: Omit<LogQuery, 'namespace' | 'pod' | 'container' | 'previous'>,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const { connection, namespace, pod, container } = place;
  const stream = await openLogStream(
    { connection, signal },
    { namespace, pod, container, previous: run.previous, ...query },
  );
  const look = await lookAtContainer(place, signal);
  if (look.type === 'gone') {
    return look.replaced ? undefined : stream;
  }
  const found = run.previous ? look.container.previousRun : look.container.run;
  return found?.id === run.id ? stream : undefined;
}

/** True for the answer that there is no such log, or not yet. */
export function isLogAbsent(error: unknown): error is ClusterError {
  return error instanceof ClusterError && (error.kind === 'notFound' || error.kind === 'invalid');
}
