import { ClusterConnection } from './clusterConnection.ts';
import { checkClusterId, readClusterId, whenIdentified } from './clusterIdentity.ts';
import { CredentialPlugins, type RunCredentialPlugin } from './credentialPlugin.ts';
import { HelmRecords } from './helmRecord.ts';
import { buildMinifiedKubeconfig, type Kubeconfig, KubeconfigFiles } from './kubeconfig.ts';
import type { LoginPrompts } from './loginPrompts.ts';
import { Readiness } from './readiness.ts';
import { ResourcePaths } from './resourcePaths.ts';

/** What the clusters of a daemon need from around them. */
export type ClustersOptions = {
  /** The person's kubeconfig files, asked anew each time. */
  readonly kubeconfigPaths: () => readonly string[];
  /** The environment that tools get: for proxies. */
  readonly environment: () => Readonly<Record<string, string | undefined>>;
  readonly runCredentialPlugin: RunCredentialPlugin;
  /** Where plugins ask people; without it nobody is asked. */
  readonly prompts?: LoginPrompts;
  /** `slipway/0.1.0`. */
  readonly userAgent: string;
  readonly now?: () => number;
};

/** One cluster through one context. */
export type Cluster = {
  readonly context: string;
  readonly connection: ClusterConnection;
  readonly paths: ResourcePaths;
};

/**
 * The clusters that a person's kubeconfig leads to: one connection per context, shared by all who need it.
 * Nothing is contacted before the first request to one of them.
 */
export class Clusters {
  /** Helm's records, which all environments share. */
  readonly helmRecords = new HelmRecords();
  readonly #options: ClustersOptions;
  readonly #plugins: CredentialPlugins;
  readonly #files = new KubeconfigFiles();
  readonly #clusters = new Map<string, Cluster>();
  readonly #readiness = new Map<string, Readiness>();

  constructor(options: ClustersOptions) {
    this.#options = options;
    this.#plugins = new CredentialPlugins({
      run: options.runCredentialPlugin,
      ...(options.prompts ? { prompts: options.prompts } : {}),
      ...(options.now ? { now: options.now } : {}),
    });
  }

  /** Reads the person's kubeconfig; contacts nothing. */
  readKubeconfig(): Promise<Kubeconfig> {
    return this.#files.read(this.#options.kubeconfigPaths());
  }

  /** The text of a kubeconfig with one context alone, for a tool. Throws `unknownContext`. */
  async readMinifiedKubeconfig(context: string): Promise<string> {
    return await buildMinifiedKubeconfig(await this.readKubeconfig(), context);
  }

  /** The cluster of a context; contacts nothing yet. */
  open(context: string): Cluster {
    const known = this.#clusters.get(context);
    if (known) {
      return known;
    }
    const connection = new ClusterConnection({
      context,
      readKubeconfig: () => this.readMinifiedKubeconfig(context),
      plugins: this.#plugins,
      environment: this.#options.environment(),
      userAgent: this.#options.userAgent,
      ...(this.#options.now ? { now: this.#options.now } : {}),
    });
    const cluster = { context, connection, paths: new ResourcePaths(connection) };
    this.#clusters.set(context, cluster);
    return cluster;
  }

  /** The one readiness probe of a cluster, whichever of its contexts asks. */
  async findReadiness(cluster: Cluster): Promise<Readiness> {
    const key = await cluster.connection.readClusterKey();
    const known = this.#readiness.get(key);
    if (known) {
      return known;
    }
    const readiness = new Readiness(this.#options.now ? { now: this.#options.now } : {});
    this.#readiness.set(key, readiness);
    return readiness;
  }

  /**
   * Asks the cluster of a context who it is, just before a tool is started there, and returns the kubeconfig text
   * that led to it: the tool gets the very same. Throws `wrongCluster` when it is not `expected`.
   */
  async confirm(context: string, expected: string, signal?: AbortSignal): Promise<string> {
    return (await this.confirmWhile(context, expected, async () => undefined, signal)).kubeconfig;
  }

  /**
   * The same by the kubeconfig that is gone by already, for work that is under way while somebody renames its context;
   * `undefined` where there is none.
   */
  async confirmKnown(context: string, expected: string): Promise<string | undefined> {
    const { connection } = this.open(context);
    const kubeconfig = connection.knownKubeconfig;
    if (kubeconfig !== undefined) {
      const actual = await readClusterId(connection);
      checkClusterId(actual, expected, { context, server: connection.server });
    }
    return kubeconfig;
  }

  /**
   * The same, and asks the cluster something else at the same time: an answer counts only when the cluster that gave it
   * is the right one.
   */
  async confirmWhile<T>(
    context: string,
    expected: string,
    look: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<{ readonly kubeconfig: string; readonly answer: T }> {
    const { connection } = this.open(context);
    const kubeconfig = await connection.rereadKubeconfig();
    const answer = await whenIdentified(async () => {
      const actual = await readClusterId(connection, signal);
      checkClusterId(actual, expected, { context, server: connection.server });
    }, look);
    return { kubeconfig, answer };
  }

  /** The kubeconfig or the settings changed, or a person has logged in: everything is read and tried anew. */
  reload(): void {
    this.#plugins.endPauses();
    for (const { connection } of this.#clusters.values()) {
      connection.reset();
    }
  }

  dispose(): void {
    for (const { connection } of this.#clusters.values()) {
      connection.close();
    }
    this.#clusters.clear();
  }
}
