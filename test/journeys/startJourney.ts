import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../sandbox/runCommand.ts';
import { createSampleRepository } from '../../sandbox/sampleRepository.ts';
import { buildSandboxEnvironment, stopSandboxDaemon } from '../../sandbox/sandboxDaemon.ts';
import { type Sandbox, startCluster } from '../../sandbox/startCluster.ts';
import { startWorkbench, type Workbench } from './workbench.ts';

/** A person at a fresh machine: a real cluster, the sample repository, and the editor open on it. */
export type Journey = {
  readonly workbench: Workbench;
  readonly cluster: Sandbox;
  /** The sample repository's working tree. */
  readonly folder: string;
  /** The daemon's state folder. */
  readonly home: string;
  /** Ends the editor, then the daemon, and removes their folders. */
  readonly end: () => Promise<void>;
};

/** Brings up everything a journey needs. */
export async function startJourney(options: {
  /** A cluster that is there already, and stays. */
  readonly cluster: Sandbox;
  /** The folder in which helm is found first; the cluster's own tools unless told. */
  readonly toolFolder?: string;
  /** More variables of the editor and its daemon, or others. */
  readonly env?: Readonly<Record<string, string>>;
  /** Makes the folder to open, below the given one; the sample repository unless told. */
  readonly createFolder?: (below: string, cluster: Sandbox) => Promise<string>;
}): Promise<Journey> {
  const { cluster } = options;
  const state = await mkdtemp(join(tmpdir(), 'slipway-journey-'));
  const home = join(state, 'home');
  await mkdir(home, { mode: 0o700 });
  const ends: (() => Promise<void>)[] = [() => rm(state, { recursive: true, force: true })];
  const end = async () => {
    for (const step of ends.toReversed()) {
      await step();
    }
  };
  try {
    const createFolder = options.createFolder ?? createSample;
    const folder = await createFolder(state, cluster);
    ends.push(() => stopSandboxDaemon(home));
    const env = buildSandboxEnvironment({
      home,
      kubeconfig: cluster.kubeconfigPath('alice'),
      toolFolder: options.toolFolder ?? cluster.tools.binDirectory,
      ...(options.env ? { env: options.env } : {}),
    });
    const workbench = await startWorkbench({ folder, stateDir: join(state, 'editor'), env });
    ends.push(() => workbench.close());
    return { workbench, cluster, folder, home, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The sample repository, for this cluster. */
export async function createSample(below: string, { clusterId }: Sandbox): Promise<string> {
  const into = join(below, 'kosmos');
  const { directory } = await createSampleRepository({ into, clusterId, onProgress: () => {} });
  return directory;
}

/** Starts a cluster of its own for some journeys; `end` stops it and removes its folder. */
export async function startJourneyCluster(): Promise<{ cluster: Sandbox; end: () => Promise<void> }> {
  const state = await mkdtemp(join(tmpdir(), 'slipway-journeys-'));
  const cluster = await startCluster({
    stateDir: state,
    onProgress: message => console.log(`    ${message}`),
  });
  return {
    cluster,
    end: async () => {
      await cluster.stop();
      await rm(state, { recursive: true, force: true });
    },
  };
}

/** Does something while no pod becomes ready, so that it is certain to be in the middle of a promotion. */
export async function whilePodsWait<T>(cluster: Sandbox, work: () => Promise<T>): Promise<T> {
  const kwok = cluster.pid('kwok');
  process.kill(kwok, 'SIGSTOP');
  try {
    return await work();
  } finally {
    process.kill(kwok, 'SIGCONT');
  }
}

/** A folder of tools where `helm` is the program `true`: whatever succeeds with it was no promotion. */
export async function replaceHelm(cluster: Sandbox): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-true-'));
  await symlink('/bin/true', join(folder, 'helm'));
  await symlink(cluster.tools.kubectl, join(folder, 'kubectl'));
  return folder;
}

/** Brings the sample's workload to production as somebody else would: nothing is promoted there. */
export async function runByHand(cluster: Sandbox): Promise<void> {
  const arguments_ = ['create', 'deployment', 'agent-name', '--image', 'kosmos/agent:v2.0.0', '-n', 'kosmos'];
  await runCommand(cluster.tools.kubectl, ['--kubeconfig', cluster.adminKubeconfig, ...arguments_]);
}

/** What really runs in a namespace: the image of the sample's Deployment, by the cluster's administrator. */
export function readImage(cluster: Sandbox, namespace: string): Promise<string> {
  const query = [
    'get',
    'deployment',
    'agent-name',
    '-o',
    'jsonpath={.spec.template.spec.containers[0].image}',
  ];
  return runCommand(cluster.tools.kubectl, [
    '--kubeconfig',
    cluster.adminKubeconfig,
    '-n',
    namespace,
    ...query,
  ]);
}

/** The revisions of the sample's Helm release in a namespace, oldest first: `1 superseded`. */
export async function readRevisions(cluster: Sandbox, namespace: string): Promise<readonly string[]> {
  const text = await runCommand(cluster.tools.helm, ['history', 'kosmos', '-n', namespace, '-o', 'json'], {
    env: { KUBECONFIG: cluster.adminKubeconfig },
  });
  const rows = JSON.parse(text) as readonly { readonly revision: number; readonly status: string }[];
  return rows.map(row => `${row.revision} ${row.status}`);
}
