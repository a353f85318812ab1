import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import { findDaemon } from '../../daemon/client/findDaemon.ts';
import type { Plan } from '../../daemon/protocol/plan.ts';
import type { Promotion } from '../../daemon/protocol/promotion.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import { openRepository, promote } from '../../sandbox/promoteOnce.ts';
import { runCommand } from '../../sandbox/runCommand.ts';
import { createSampleRepository } from '../../sandbox/sampleRepository.ts';
import { startSandboxDaemon, stopSandboxDaemon } from '../../sandbox/sandboxDaemon.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { type SharedCluster, sharedCluster } from './sharedCluster.ts';

/** The environments of the sample. */
export type EnvironmentName = 'development' | 'staging' | 'production';

/** A row of Helm's own history. */
export type HistoryRow = {
  readonly revision: number;
  readonly status: string;
  readonly description: string;
};

/** A repository, three namespaces and a daemon of their own, on the shared cluster. */
export class PromotionBed {
  readonly cluster: SharedCluster;
  readonly folder: string;
  readonly namespaces: Readonly<Record<EnvironmentName, string>>;
  /** The working tree of the sample repository. */
  readonly repositoryFolder: string;
  #client: DaemonClient | undefined;
  #repository: RepositoryView | undefined;

  private constructor(
    cluster: SharedCluster,
    place: { folder: string; repositoryFolder: string; namespaces: Record<EnvironmentName, string> },
  ) {
    this.cluster = cluster;
    this.folder = place.folder;
    this.repositoryFolder = place.repositoryFolder;
    this.namespaces = place.namespaces;
  }

  /** Makes the namespaces and the repository; the daemon starts at the first `client()`. */
  static async create(prefix: string): Promise<PromotionBed> {
    const cluster = await sharedCluster();
    const folder = await mkdtemp(join(tmpdir(), 'slipway-bed-'));
    const namespaces = {
      development: await cluster.namespace(`${prefix}-dev`),
      staging: await cluster.namespace(`${prefix}-stg`),
      production: await cluster.namespace(`${prefix}-prd`),
    };
    const { clusterId } = cluster.sandbox;
    const { directory } = await createSampleRepository({
      into: join(folder, 'kosmos'),
      clusterId,
      onProgress: () => {},
    });
    const bed = new PromotionBed(cluster, { folder, repositoryFolder: directory, namespaces });
    await bed.changeProcedure(text =>
      text
        .replace('namespace: kosmos-development', `namespace: ${namespaces.development}`)
        .replace('namespace: kosmos-staging', `namespace: ${namespaces.staging}`)
        .replace(/namespace: kosmos\}/, `namespace: ${namespaces.production}}`),
    );
    return bed;
  }

  /** The state folder of the daemon. */
  get home(): string {
    return join(this.folder, 'home');
  }

  /** The open repository as it was at the last `open()`. */
  get repository(): RepositoryView {
    if (!this.#repository) {
      throw new Error('the repository was not opened yet');
    }
    return this.#repository;
  }

  /** Changes slipway.yaml on main and pushes it. */
  async changeProcedure(change: (text: string) => string): Promise<void> {
    const file = join(this.repositoryFolder, 'slipway.yaml');
    await writeFile(file, change(await readFile(file, 'utf8')));
    await this.git('commit', '--quiet', '--all', '--message', 'Change the procedure');
    await this.git('push', '--quiet', 'origin', 'main');
  }

  /** Runs git in the working tree. */
  git(...args: string[]): Promise<string> {
    return runCommand('git', args, { cwd: this.repositoryFolder });
  }

  /** Starts the daemon, or a new one after the last has gone, and connects to it. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<DaemonClient> {
    const { sandbox } = this.cluster;
    const { client } = await startSandboxDaemon({
      home: this.home,
      kubeconfig: sandbox.kubeconfigPath('alice'),
      toolFolder: sandbox.tools.binDirectory,
      env,
    });
    this.#client = client;
    return client;
  }

  /** Starts the daemon, opens the repository, trusts it and connects every environment. */
  async open(env: Readonly<Record<string, string>> = {}): Promise<RepositoryView> {
    await this.start(env);
    return this.openRepository();
  }

  /** Opens the repository with the daemon that runs, trusts it and connects every environment. */
  async openRepository(): Promise<RepositoryView> {
    this.#repository = await openRepository(this.client, this.repositoryFolder, name => `kosmos-${name}`);
    return this.#repository;
  }

  /** The connection to the daemon. */
  get client(): DaemonClient {
    if (!this.#client) {
      throw new Error('the daemon was not started yet');
    }
    return this.#client;
  }

  /** Promotes a release and resolves when the promotion has ended, however it ended. */
  promote(environment: EnvironmentName, release: string, onPlan?: (plan: Plan) => void): Promise<Promotion> {
    return promote(this.client, { repositoryId: this.repository.id, environment, release }, onPlan);
  }

  /** Plans a promotion. */
  plan(environment: EnvironmentName, release: string): Promise<Plan> {
    const { id: repositoryId } = this.repository;
    return this.client.request('promotion.plan', { repositoryId, environment, release, kind: 'regular' });
  }

  /** Helm's own history of the release in an environment, oldest first. */
  async history(environment: EnvironmentName): Promise<readonly HistoryRow[]> {
    const text = await this.cluster
      .helm(['history', 'kosmos', '-n', this.namespaces[environment], '-o', 'json', '--max', '1000'])
      .catch((error: unknown) => {
        if (String(error).includes('release: not found')) {
          return '[]';
        }
        throw error;
      });
    return JSON.parse(text) as HistoryRow[];
  }

  /** The image that the workload of an environment is set to. */
  readImage(environment: EnvironmentName): Promise<string> {
    const path = 'jsonpath={.spec.template.spec.containers[?(@.name=="agent")].image}';
    const namespace = this.namespaces[environment];
    return this.cluster.kubectl(['get', 'deployment/agent-name', '-n', namespace, '-o', path]);
  }

  /** Runs helm as somebody else would, outside Slipway. */
  helm(environment: EnvironmentName, ...args: string[]): Promise<string> {
    return this.cluster.helm([...args, '-n', this.namespaces[environment]], { cwd: this.repositoryFolder });
  }

  /** Kills the daemon with SIGKILL and waits until it has gone. */
  async kill(): Promise<void> {
    await stopSandboxDaemon(this.home, 'SIGKILL');
    this.#client = undefined;
  }

  /** Asks the daemon to stop and waits until it has gone. */
  async stop(): Promise<void> {
    await stopSandboxDaemon(this.home);
    this.#client = undefined;
  }

  /** True while a daemon of this bed lives. */
  get daemonLives(): boolean {
    return findDaemon(this.home).state === 'found';
  }

  /** The process id of the daemon of this bed; `undefined` when none lives. */
  get daemonPid(): number | undefined {
    const lookup = findDaemon(this.home);
    return lookup.state === 'found' ? lookup.discovery.pid : undefined;
  }

  /** Resolves when the daemon has ended by itself, as one does that a fault point killed. */
  async waitForDeath(): Promise<void> {
    await waitFor('the daemon to die', async () => !this.daemonLives, { limitMs: 60_000 });
  }

  /** Stops the daemon and removes the folder; the namespaces go with the cluster. */
  async dispose(): Promise<void> {
    this.#client?.close();
    await stopSandboxDaemon(this.home);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Builds `dist/` once for all files of a mocha run, when somebody runs them without `npm test`. */
export async function ensureBuilt(): Promise<void> {
  if (!existsSync('dist/daemon.cjs')) {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(process.execPath, ['build.mjs'], { stdio: 'inherit' });
      child.on('exit', code => (code === 0 ? resolve() : reject(new Error('the build failed'))));
    });
  }
}
