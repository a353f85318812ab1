import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ClusterApi } from './clusterApi.ts';
import { StatusError } from './clusterApi.ts';
import { ContainerLog } from './containerLog.ts';
import { buildCrashLines, buildKilledLines, buildStartLines, type LogSource } from './logLines.ts';
import type { Pod } from './podWatch.ts';

/** A container and what has been written for it. */
export interface Container {
  readonly log: ContainerLog;
  source: LogSource;
  /** When its present life began, or undefined while it has none. */
  startedAt: string | undefined;
  turn: number;
}

interface FollowedPod {
  readonly uid: string;
  readonly folder: string;
  readonly containers: Map<string, Container>;
}

/** The log files of all pods, and the `Logs` objects that make KWOK serve them. */
export class PodLogFiles {
  readonly #api: ClusterApi;
  readonly #directory: string;
  readonly #onError: (error: unknown) => void;
  readonly #pods = new Map<string, FollowedPod>();
  /** What is still to be done per pod, in order: a new pod of the same name waits for the old one's removal. */
  readonly #queues = new Map<string, Promise<void>>();

  constructor(options: { api: ClusterApi; directory: string; onError: (error: unknown) => void }) {
    this.#api = options.api;
    this.#directory = options.directory;
    this.#onError = options.onError;
  }

  enqueue(key: string, task: () => Promise<void>): void {
    const done = (this.#queues.get(key) ?? Promise.resolve())
      .then(task)
      .catch(error => {
        // A folder or namespace that went away in the meantime is no failure.
        if (!isGone(error)) {
          this.#onError(error);
        }
      })
      .then(() => {
        if (this.#queues.get(key) === done) {
          this.#queues.delete(key);
        }
      });
    this.#queues.set(key, done);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#queues.values());
  }

  runningContainers(): { key: string; container: Container }[] {
    return [...this.#pods].flatMap(([key, pod]) =>
      [...pod.containers.values()]
        .filter(container => container.startedAt !== undefined && container.source.behaviour !== 'crash')
        .map(container => ({ key, container })),
    );
  }

  update(pod: Pod): void {
    const key = keyOf(pod);
    this.enqueue(key, async () => {
      const known = this.#pods.get(key);
      const followed = known?.uid === pod.metadata.uid ? known : await this.#begin(pod);
      for (const { name, image } of pod.spec.containers) {
        const container = followed.containers.get(name);
        if (container !== undefined) {
          await advance(container, pod, image);
        }
      }
    });
  }

  remove(pod: Pod): void {
    const key = keyOf(pod);
    this.enqueue(key, async () => {
      if (this.#pods.get(key)?.uid === pod.metadata.uid) {
        this.#pods.delete(key);
        await this.#forget(pod.metadata.namespace, pod.metadata.name);
      }
    });
  }

  /** Removes the logs of pods that went while nobody watched. */
  async keepOnly(pods: readonly Pod[]): Promise<void> {
    await this.settled();
    const there = new Set(pods.map(keyOf));
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    for (const namespace of await readdir(this.#directory)) {
      for (const name of await readdir(join(this.#directory, namespace))) {
        const key = `${namespace}/${name}`;
        if (!there.has(key)) {
          this.#pods.delete(key);
          await this.#forget(namespace, name).catch(error => {
            if (!isGone(error)) {
              throw error;
            }
          });
        }
      }
    }
  }

  async #begin(pod: Pod): Promise<FollowedPod> {
    const key = keyOf(pod);
    const { namespace, name, uid } = pod.metadata;
    const folder = join(this.#directory, namespace, name);
    if (this.#pods.has(key)) {
      // Same name, other pod: its predecessor's removal was not seen.
      await rm(folder, { recursive: true, force: true });
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const followed: FollowedPod = { uid, folder, containers: new Map() };
    for (const { name: container, image } of pod.spec.containers) {
      const log = new ContainerLog(join(folder, container));
      const continued = await log.open();
      followed.containers.set(container, {
        log,
        source: sourceOf(pod, container, image),
        // After a restart of the sandbox a container goes on with the life it has.
        startedAt: continued ? runningSince(pod, container) : undefined,
        turn: 0,
      });
    }
    for (const { name: container } of pod.spec.initContainers ?? []) {
      await new ContainerLog(join(folder, container)).open();
    }
    await this.#writeLogsObject(pod, folder);
    this.#pods.set(key, followed);
    return followed;
  }

  async #writeLogsObject(pod: Pod, folder: string): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    await this.#api.send(
      'PATCH',
      `${logsPath(namespace, name)}?fieldManager=slipway-sandbox&force=true`,
      {
        apiVersion: 'kwok.x-k8s.io/v1alpha1',
        kind: 'Logs',
        metadata: {
          name,
          namespace,
          // Goes with its pod even when this program is not there to remove it.
          ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name, uid }],
        },
        spec: {
          logs: containers.map(container => {
            const { path, previousPath } = new ContainerLog(join(folder, container.name));
            return {
              containers: [container.name],
              logsFile: path,
              previousLogsFile: previousPath,
              follow: true,
            };
          }),
        },
      },
      'application/apply-patch+yaml',
    );
  }

  async #forget(namespace: string, name: string): Promise<void> {
    await rm(join(this.#directory, namespace, name), { recursive: true, force: true });
    await this.#api.send('DELETE', logsPath(namespace, name));
  }
}

/** Writes what follows from the pod's new status: a container that began a new life or ended one. */
async function advance(container: Container, pod: Pod, image: string): Promise<void> {
  const { log } = container;
  const name = container.source.container;
  const since = runningSince(pod, name);
  container.source = sourceOf(pod, name, image);
  if (since === container.startedAt) {
    return;
  }
  const restarts = statusOf(pod, name)?.restartCount ?? 0;
  container.startedAt = since;
  container.turn = 0;
  if (since === undefined) {
    // As a kubelet does: between two lives the last one's log is the current and the previous log.
    await log.keepAsPrevious();
    return;
  }
  if (restarts > 0) {
    if (container.source.behaviour === 'restarts') {
      await log.append(buildKilledLines());
    }
    await log.turnOver();
  }
  await log.append(buildStartLines(container.source));
  if (container.source.behaviour === 'crash') {
    await wait(300);
    await log.append(buildCrashLines());
  }
}

function keyOf(pod: Pod): string {
  return `${pod.metadata.namespace}/${pod.metadata.name}`;
}

function logsPath(namespace: string, name: string): string {
  return `/apis/kwok.x-k8s.io/v1alpha1/namespaces/${namespace}/logs/${name}`;
}

function sourceOf(pod: Pod, container: string, image: string): LogSource {
  return {
    behaviour: pod.metadata.annotations?.['sandbox.slipway.dev/behaviour'] ?? 'healthy',
    image,
    container,
    ready: statusOf(pod, container)?.ready === true,
  };
}

function runningSince(pod: Pod, container: string): string | undefined {
  return statusOf(pod, container)?.state?.running?.startedAt;
}

function statusOf(
  pod: Pod,
  container: string,
): NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number] | undefined {
  return pod.status?.containerStatuses?.find(one => one.name === container);
}

function isGone(error: unknown): boolean {
  return (
    (error instanceof StatusError && (error.status === 404 || /being terminated/.test(error.message))) ||
    (error instanceof Error && 'code' in error && error.code === 'ENOENT')
  );
}
