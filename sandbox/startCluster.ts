import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { OnProgress } from './cache.ts';
import { ensureCertificates } from './certificates.ts';
import { type ControlPlaneOptions, startControlPlane } from './controlPlane.ts';
import { ensureTools, type Tools } from './ensureTools.ts';
import { type FileLock, lockOwner, takeFileLock } from './fileLock.ts';
import { installDefinitions } from './installDefinitions.ts';
import { kubeconfigPath } from './kubeconfig.ts';
import { startKwok } from './kwok.ts';
import { people } from './people.ts';
import { startPodLogs } from './podLogs.ts';
import { ProcessGroup, stopLeftovers } from './serverProcess.ts';

export interface StartClusterOptions {
  /** Folder of everything the cluster keeps between starts; made if need be, 0700. */
  stateDir: string;
  onProgress: OnProgress;
  /** Aborting it before the cluster is up ends the start; afterwards call stop(). */
  signal?: AbortSignal | undefined;
  /** Throws away what earlier starts left in `stateDir`. */
  fresh?: boolean;
}

/** A running cluster. */
export interface Sandbox {
  readonly stateDir: string;
  readonly tools: Tools;
  /** URL of the API server. */
  readonly server: string;
  /** The cluster's identity: uid of the namespace kube-system. */
  readonly clusterId: string;
  readonly adminKubeconfig: string;
  /** Kubeconfig of one of the people in sandbox/people.ts; throws for anybody else. */
  kubeconfigPath(person: string): string;
  /** Process id of a part: etcd, kube-apiserver, kube-controller-manager, kube-scheduler or kwok; throws if it is down. */
  pid(name: string): number;
  /** Kills the API server alone, to see what others make of an unreachable cluster. */
  stopApiServer(): Promise<void>;
  /** Starts it again on the same port; the controllers and KWOK take a few seconds more to find it. */
  startApiServer(): Promise<void>;
  /** Ends everything in order; a second call waits for the first. */
  stop(): Promise<void>;
}

/**
 * Starts a Kubernetes cluster on 127.0.0.1: etcd, API server, controllers, scheduler, and KWOK in the kubelet's place.
 *
 * Everything is kept in `stateDir`; a second start finds the objects again. The first start on a machine builds the
 * programs (minutes), later ones take seconds. Rejects when another process runs a cluster on this folder, and with
 * the last words of the part that failed; nothing is left running then.
 */
export async function startCluster(options: StartClusterOptions): Promise<Sandbox> {
  const { onProgress, signal } = options;
  const stateDir = resolve(options.stateDir);
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const lock = await lockState(stateDir);
  const processes = new ProcessGroup(stateDir);
  try {
    const leftovers = await stopLeftovers(stateDir);
    if (leftovers.length > 0) {
      onProgress(`Stopped what an earlier start left running: ${leftovers.join(', ')}`);
    }
    if (options.fresh === true) {
      await empty(stateDir);
    }
    const tools = await ensureTools({ onProgress, signal });
    return await startParts({ stateDir, tools, processes, signal, lock, onProgress });
  } catch (error) {
    await processes.stop();
    lock.release();
    throw error;
  }
}

async function startParts(
  options: Omit<ControlPlaneOptions, 'certificates'> & { lock: FileLock; onProgress: OnProgress },
): Promise<Sandbox> {
  const { stateDir, tools, processes, signal, onProgress } = options;
  onProgress('Starting etcd and the Kubernetes API server (about 5 s)');
  const certificates = await ensureCertificates(join(stateDir, 'certificates'));
  const parts: ControlPlaneOptions = { stateDir, tools, certificates, processes, signal };
  const controlPlane = await startControlPlane(parts);
  const { api } = controlPlane;
  const adminKubeconfig = kubeconfigPath(stateDir, 'admin');
  let clusterId: string;
  try {
    onProgress('Setting up the node, the namespaces and the rules for pods');
    await installDefinitions({ stateDir, tools, kubeconfig: adminKubeconfig, api, signal });
    await startKwok(parts, controlPlane);
    clusterId = namespaceSchema.parse(await api.get('/api/v1/namespaces/kube-system')).metadata.uid;
  } catch (error) {
    await api.close();
    throw error;
  }
  const logs = startPodLogs({
    api,
    directory: join(stateDir, 'pod-logs'),
    onError: error => onProgress(`Pod logs: ${error instanceof Error ? error.message : String(error)}`),
  });
  onProgress(`The cluster is up at ${controlPlane.server}`);

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await logs.stop();
    await api.close();
    await processes.stop();
    options.lock.release();
  };
  return {
    stateDir,
    tools,
    server: controlPlane.server,
    clusterId,
    adminKubeconfig,
    kubeconfigPath: person => {
      if (!people.some(({ name }) => name === person)) {
        throw new Error(`Nobody in sandbox/people.ts is called ${person}`);
      }
      return kubeconfigPath(stateDir, person);
    },
    pid: name => {
      const found = processes.processes.find(one => one.name === name);
      if (found === undefined) {
        throw new Error(`${name} does not run in the sandbox of ${stateDir}`);
      }
      return found.pid;
    },
    stopApiServer: () => controlPlane.apiServer().stop(0),
    startApiServer: async () => {
      await controlPlane.startApiServer();
    },
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

const namespaceSchema = z.object({ metadata: z.object({ uid: z.string() }) });

const lockName = 'lock';

async function lockState(stateDir: string): Promise<FileLock> {
  const path = join(stateDir, lockName);
  // An owner that has just been killed may hold it for a moment longer.
  const lock = await takeFileLock(path, { waitMs: 3_000 });
  if (lock === undefined) {
    throw new Error(
      `A cluster is already running on ${stateDir} (pid ${(await lockOwner(path)) ?? 'unknown'}). ` +
        'Use that one, stop it, or name another state folder.',
    );
  }
  return lock;
}

async function empty(stateDir: string): Promise<void> {
  for (const name of await readdir(stateDir)) {
    if (!name.startsWith(lockName)) {
      await rm(join(stateDir, name), { recursive: true, force: true });
    }
  }
}
