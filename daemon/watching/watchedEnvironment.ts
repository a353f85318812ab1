import { checkClusterId, readClusterId } from '../clusters/clusterIdentity.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { LockHolder } from '../model/gates/gateInput.ts';
import type { Component, Environment } from '../model/procedure.ts';
import type { FailureCause, WorkloadStatus } from '../model/rollout.ts';
import type { ReleaseOfCommit } from '../model/runningVersion.ts';
import type { ConnectionView, EnvironmentView } from '../protocol/environment.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { KnownRevision } from '../store/promotions.ts';
import type { Store } from '../store/store.ts';
import type { EnvironmentAccess } from './environmentAccess.ts';
import { buildEnvironmentView } from './environmentView.ts';
import { isOwnRevision } from './ownRevisions.ts';
import type { SharedWatch, SharedWatches, WatchTarget } from './sharedWatches.ts';

/** What the procedure says about a watched environment. */
export type EnvironmentDefinition = {
  readonly environment: Environment;
  readonly components: readonly Component[];
  readonly imagePatterns: Readonly<Record<string, string>>;
  /** Newest first. */
  readonly releases: readonly ReleaseOfCommit[];
};

/** What a watched environment works with. */
export type WatchedEnvironmentOptions = {
  readonly repositoryId: string;
  readonly clusters: Clusters;
  readonly watches: SharedWatches;
  readonly store: Pick<Store, 'records' | 'locks' | 'promotions'>;
  readonly onChanged: () => void;
};

/** Where the logs of an environment are, and what data they may hold. */
export type LogTarget = WatchTarget & { readonly data?: string };

/** One environment of an open repository: contacts its cluster only after the person's consent. */
export class WatchedEnvironment {
  readonly #options: WatchedEnvironmentOptions;
  #definition: EnvironmentDefinition;
  #watch: SharedWatch | undefined;
  readonly #listeners = new Set<() => void>();
  #disposed = false;

  constructor(definition: EnvironmentDefinition, options: WatchedEnvironmentOptions) {
    this.#definition = definition;
    this.#options = options;
  }

  get name(): string {
    return this.#definition.environment.name;
  }

  /** The cluster and namespace that the procedure names, if it does. */
  get cluster(): Environment['cluster'] {
    return this.#definition.environment.cluster;
  }

  /** The cluster that counts: the one that slipway.yaml names, else the one that a person connected. */
  get clusterId(): string | undefined {
    return this.#definition.environment.cluster?.id ?? this.#consent?.clusterId;
  }

  /** Takes what a changed procedure says; another cluster or namespace begins a new watch. */
  redefine(definition: EnvironmentDefinition): void {
    const before = JSON.stringify(this.#definition.environment.cluster);
    this.#definition = definition;
    if (before !== JSON.stringify(definition.environment.cluster)) {
      this.#stop();
      this.resume();
      this.#tell();
    }
  }

  /** Begins to watch where the person has consented before; does nothing otherwise. */
  resume(): void {
    if (!this.#disposed && !this.#watch) {
      this.#start();
    }
  }

  /** Keeps the person's consent and begins to watch. Throws `unknownContext`, `wrongCluster`, `clusterUnreachable`. */
  async connect(context: string, person: string): Promise<void> {
    const { repositoryId, clusters, store } = this.#options;
    const { cluster } = this.#definition.environment;
    if (!cluster) {
      throw new SlipwayError('unknownEnvironment', `${this.name} has no cluster in slipway.yaml.`);
    }
    const kubeconfig = await clusters.readKubeconfig();
    const found = kubeconfig.contexts.find(candidate => candidate.name === context);
    if (!found) {
      throw new SlipwayError(
        'unknownContext',
        `There is no context "${context}" in ${kubeconfig.paths.join(', ')}.`,
      );
    }
    const { connection } = clusters.open(context);
    const clusterId = await readClusterId(connection);
    checkClusterId(clusterId, cluster.id ?? clusterId, { context, server: found.server });
    store.records.connections.set({
      repositoryId,
      environment: this.name,
      context,
      kubeconfigs: kubeconfig.paths,
      clusterId,
      server: found.server,
      person,
    });
    this.#stop();
    this.resume();
    this.#tell();
  }

  /** Withdraws the consent and ends the watch. */
  disconnect(person: string): void {
    const { store, repositoryId } = this.#options;
    store.records.connections.withdraw({ repositoryId, environment: this.name, person });
    this.#stop();
    this.#options.onChanged();
    this.#tell();
  }

  /** Where its logs are. Throws `notConnected`. */
  logTarget(): LogTarget {
    const { environment } = this.#definition;
    return {
      ...this.#requireTarget(),
      ...(environment.data === undefined ? {} : { data: environment.data }),
    };
  }

  /** The way to the cluster, its identity checked at this moment. */
  async access(signal?: AbortSignal): Promise<EnvironmentAccess> {
    return (await this.accessWhile(async () => undefined, signal)).access;
  }

  /** The same, and asks the cluster something else at the same time. */
  async accessWhile<T>(
    look: (place: Pick<EnvironmentAccess, 'cluster' | 'namespace'>) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<{ readonly access: EnvironmentAccess; readonly answer: T }> {
    const consent = this.#consent;
    const { cluster } = this.#definition.environment;
    if (!consent || !cluster) {
      throw this.#buildNotConnected();
    }
    const { clusters } = this.#options;
    const { context, server } = consent;
    const target = clusters.open(context);
    const clusterId = cluster.id ?? consent.clusterId ?? (await readClusterId(target.connection, signal));
    const place = { cluster: target, namespace: cluster.namespace };
    const { kubeconfig, answer } = await clusters.confirmWhile(context, clusterId, () => look(place), signal);
    return { access: { ...place, clusterId, context, server, kubeconfig }, answer };
  }

  /** The live workloads with their pods, as the watch knows them. */
  get workloads(): readonly WorkloadStatus[] {
    return this.#watch?.state.workloads ?? [];
  }

  /** Why pods fail at present. */
  get causes(): readonly FailureCause[] {
    return this.#watch?.state.causes ?? [];
  }

  /** Calls back after each change of the live state. */
  onChanged(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Everything that the trees show. */
  view(): EnvironmentView {
    const { store } = this.#options;
    const state = this.#watch?.state;
    const { clusterId } = this;
    const lock = this.#findLock(clusterId);
    const known = this.#listKnown(clusterId);
    const running = lock && store.promotions.running().find(({ id }) => id === lock.promotionId);
    return buildEnvironmentView({
      ...this.#definition,
      connection: this.#buildConnection(),
      workloads: state?.workloads ?? [],
      revisions: state?.revisions ?? [],
      causes: state?.causes ?? [],
      recorded: state?.recorded ?? {},
      isOurs: row => isOwnRevision(row, { known, running }),
      ...(lock ? { lock } : {}),
      busy: running !== undefined,
      notices: [...this.#buildNotices(), ...(state?.notices ?? [])],
    });
  }

  /** Ends the watch. */
  dispose(): void {
    this.#disposed = true;
    this.#stop();
    this.#tell();
  }

  get #consent() {
    return this.#options.store.records.connections.get(this.#options.repositoryId, this.name);
  }

  #start(): void {
    const target = this.#findTarget();
    if (!target) {
      return;
    }
    const watch = this.#options.watches.connect(target);
    this.#watch = watch;
    watch.onChanged(() => {
      this.#options.onChanged();
      this.#tell();
    });
    this.#options.onChanged();
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }

  /** What is watched; `undefined` while it is not connected. */
  #findTarget(): WatchTarget | undefined {
    const consent = this.#consent;
    const { cluster } = this.#definition.environment;
    if (!consent || !cluster || this.#disposed) {
      return undefined;
    }
    const expected = cluster.id ?? consent.clusterId;
    const { context } = consent;
    return {
      context,
      namespace: cluster.namespace,
      ...(expected === undefined ? {} : { clusterId: expected }),
    };
  }

  #requireTarget(): WatchTarget {
    const target = this.#findTarget();
    if (!target) {
      throw this.#buildNotConnected();
    }
    return target;
  }

  #buildNotConnected(): SlipwayError {
    return new SlipwayError('notConnected', `${this.name} is not connected to a cluster.`);
  }

  #stop(): void {
    this.#watch?.dispose();
    this.#watch = undefined;
  }

  #findLock(clusterId: string | undefined): LockHolder | undefined {
    const { cluster } = this.#definition.environment;
    return cluster && clusterId !== undefined
      ? this.#options.store.locks.get({ clusterId, namespace: cluster.namespace })
      : undefined;
  }

  #listKnown(clusterId: string | undefined): readonly KnownRevision[] {
    const { cluster } = this.#definition.environment;
    return cluster && clusterId !== undefined
      ? this.#options.store.promotions.knownRevisions({ clusterId, namespace: cluster.namespace })
      : [];
  }

  /** Where slipway.yaml names no cluster, the one that the person picked first is the one. */
  #buildNotices(): readonly string[] {
    const { cluster } = this.#definition.environment;
    const consent = this.#consent;
    return cluster && cluster.id === undefined && consent?.clusterId !== undefined
      ? [
          `slipway.yaml names no cluster for ${this.name}: Slipway took the one of context "${consent.context}", ` +
            `${consent.clusterId}, and will go to no other. Write it down: cluster: {id: ${consent.clusterId}, namespace: ${cluster.namespace}}.`,
        ]
      : [];
  }

  #buildConnection(): ConnectionView {
    const context = this.#consent?.context;
    if (context === undefined) {
      return { state: 'notConnected', reason: 'Nobody has connected it yet; nothing was contacted.' };
    }
    return this.#watch?.state.connection ?? { context, state: 'connecting' };
  }
}
