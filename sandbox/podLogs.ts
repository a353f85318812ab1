import { setTimeout as wait } from 'node:timers/promises';
import type { ClusterApi } from './clusterApi.ts';
import { buildChatter } from './logLines.ts';
import { PodLogFiles } from './podLogFiles.ts';
import { followPods } from './podWatch.ts';

export interface PodLogs {
  stop(): Promise<void>;
}

/** The whole cluster gets this many lines a second at most, however many pods it has. */
const mostLinesPerSecond = 20;
/** A running container says something this often, in milliseconds, as long as there are few. */
const chatterMs = 2_000;

/**
 * Gives every pod of the cluster logs: KWOK runs no containers, but serves `kubectl logs` from files.
 *
 * Watches all pods, keeps one `Logs` object of KWOK and one folder of CRI files (under `directory`) per pod, and
 * writes what a container of that behaviour would say. `onError` gets what could not be done; it goes on anyway.
 */
export function startPodLogs(options: {
  api: ClusterApi;
  directory: string;
  onError: (error: unknown) => void;
}): PodLogs {
  const stopping = new AbortController();
  const logs = new PodLogFiles(options);
  const following = followAll(logs, options, stopping.signal);
  const talking = talk(logs, options.onError, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await Promise.all([following, talking]);
      await logs.settled();
    },
  };
}

async function followAll(
  logs: PodLogFiles,
  { api, onError }: { api: ClusterApi; onError: (error: unknown) => void },
  signal: AbortSignal,
): Promise<void> {
  for await (const change of followPods(api, signal)) {
    if (change.kind === 'all') {
      await logs.keepOnly(change.pods).catch(onError);
      for (const pod of change.pods) {
        logs.update(pod);
      }
    } else if (change.kind === 'changed') {
      logs.update(change.pod);
    } else {
      logs.remove(change.pod);
    }
  }
}

async function talk(
  logs: PodLogFiles,
  onError: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const running = logs.runningContainers();
    const pause = Math.max(chatterMs / Math.max(1, running.length), 1000 / mostLinesPerSecond);
    if (running.length === 0) {
      await wait(200, undefined, { signal }).catch(() => undefined);
    }
    for (const { key, container } of running) {
      logs.enqueue(key, async () => {
        await container.log.append([buildChatter(container.source, container.turn)]);
        container.turn += 1;
      });
      await wait(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) {
        break;
      }
    }
    await logs.settled().catch(onError);
  }
}
