import type { Cluster, Clusters } from '../clusters/clusters.ts';
import { IdentityGuard } from '../clusters/identityGuard.ts';
import type { Readiness } from '../clusters/readiness.ts';
import { type ConnectionStatus, decideConnection } from '../model/connectionState.ts';
import { findFailingJobPods } from '../model/failingJobs.ts';
import type { PodFacts } from '../model/podFacts.ts';
import type { HelmRevision } from '../model/rollout.ts';
import { buildWorkloadKey } from '../model/runningVersion.ts';
import { buildNamespaceStatus, findPodsOf, type NamespaceStatus } from '../model/workloadStatus.ts';
import { type Coalesced, coalesce } from './coalesce.ts';
import { readConnectionFacts } from './connectionFacts.ts';
import { buildUnconnectedState, type EnvironmentState } from './environmentState.ts';
import { FailureCauses } from './failureCause.ts';
import { HookJobs } from './hookJobs.ts';
import {
  buildNamespaceWatches,
  describeMissing,
  type NamespaceWatches,
  readNamespaceFacts,
} from './namespaceWatches.ts';
import { RecordedImages } from './recordedImages.ts';

/** What is watched. */
export type EnvironmentWatchOptions = {
  readonly clusters: Clusters;
  readonly context: string;
  readonly namespace: string;
  /** The uid of the cluster that is meant; absent = the one that answers first. */
  readonly clusterId?: string;
  readonly log?: (message: string) => void;
};

/** Storms of changes are told so often, in milliseconds. */
const stormMs = 60;
/** The readiness probe needs the kubeconfig: where that fails, it is tried again after this time. */
const retryMs = 2_000;

/**
 * Watches the namespace of one environment and keeps its state; nothing is contacted before `connect`. A lone
 * change is told at once, a storm about fifteen times a second. It recovers from every outage by itself.
 */
export class EnvironmentWatch {
  readonly #options: EnvironmentWatchOptions;
  readonly #cluster: Cluster;
  readonly #identity: IdentityGuard;
  readonly #watches: NamespaceWatches;
  readonly #causes: FailureCauses;
  readonly #hooks: HookJobs;
  readonly #recorded: RecordedImages;
  readonly #changes: Coalesced;
  readonly #listeners = new Set<(state: EnvironmentState) => void>();
  #state: EnvironmentState;
  #status: NamespaceStatus = { workloads: [], failing: [] };
  #readiness: Readiness | undefined;
  #subscription: { dispose(): void } | undefined;
  #wasLive = false;
  #connected = false;
  #disposed = false;
  #timer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;

  constructor(options: EnvironmentWatchOptions) {
    this.#options = options;
    this.#state = buildUnconnectedState(options.context);
    this.#cluster = options.clusters.open(options.context);
    this.#changes = coalesce(() => this.#refresh(), stormMs);
    this.#identity = new IdentityGuard({
      connection: this.#cluster.connection,
      expected: options.clusterId,
      onReplaced: () => this.#restart(),
    });
    this.#watches = buildNamespaceWatches({
      cluster: this.#cluster,
      namespace: options.namespace,
      confirmIdentity: () => this.#identity.confirm(),
      onEvent: () => this.#changes.mark(),
      onStatus: () => this.#changes.mark(),
      onBreak: () => this.doubtIdentity(),
      onProblem: problem => options.log?.(`an object was not understood: ${String(problem)}`),
    });
    const shared = { cluster: this.#cluster, onChange: () => this.#changes.mark() };
    this.#causes = new FailureCauses({ ...shared, namespace: options.namespace });
    this.#hooks = new HookJobs({ ...shared, namespace: options.namespace });
    this.#recorded = new RecordedImages({ ...shared, records: options.clusters.helmRecords });
  }

  /** What is known now. */
  get state(): EnvironmentState {
    return this.#state;
  }

  /** Every pod of the namespace. */
  get pods(): readonly PodFacts[] {
    return this.#watches.pods.values();
  }

  /** The pods of a workload (`deployment/agent-name`), or the one of that name (`pod/...`); `undefined` where it is not. */
  podsOf(workload: string): readonly PodFacts[] | undefined {
    return findPodsOf(readNamespaceFacts(this.#watches), workload);
  }

  /** Resolves when the right cluster answers; throws why it does not. */
  confirmIdentity(): Promise<void> {
    return this.#identity.confirm();
  }

  /** A connection broke: who answers next is not known. */
  doubtIdentity(): void {
    this.#identity.invalidate();
    this.#readiness?.probeNow();
  }

  /** Begins to watch; from here on the cluster is contacted. */
  connect(): void {
    if (this.#connected || this.#disposed) {
      return;
    }
    this.#connected = true;
    this.#state = { ...this.#state, connection: { state: 'connecting', context: this.#options.context } };
    void this.#followReadiness();
    for (const watch of Object.values(this.#watches)) {
      watch.start();
    }
    this.#changes.mark();
  }

  /** Calls back after every change, until disposed. */
  onChanged(listener: (state: EnvironmentState) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Tries at once what waits after a failure. */
  retry(): void {
    this.#readiness?.probeNow();
    for (const watch of Object.values(this.#watches)) {
      if (watch.status.type === 'stale') {
        watch.reconnect();
      }
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
    this.#changes.dispose();
    this.#subscription?.dispose();
    this.#causes.dispose();
    this.#hooks.dispose();
    this.#recorded.dispose();
    clearTimeout(this.#timer);
    clearTimeout(this.#retryTimer);
    for (const watch of Object.values(this.#watches)) {
      watch.dispose();
    }
  }

  async #followReadiness(): Promise<void> {
    try {
      const readiness = await this.#options.clusters.findReadiness(this.#cluster);
      if (this.#disposed) {
        return;
      }
      this.#readiness = readiness;
      this.#subscription = readiness.listen({
        connection: this.#cluster.connection,
        onChange: () => this.#changes.mark(),
        onRecovered: () => {
          this.#identity.invalidate();
          for (const watch of Object.values(this.#watches)) {
            watch.reconnect();
          }
          this.#causes.retry();
        },
      });
    } catch {
      // The watches fail for the same reason, and say it.
      this.#retryTimer = setTimeout(() => void this.#followReadiness(), retryMs);
    }
  }

  /** Another cluster answers under the same address: nothing of what was known holds any more. */
  #restart(): void {
    this.#wasLive = false;
    for (const watch of Object.values(this.#watches)) {
      watch.restart();
    }
  }

  #refresh(): void {
    if (this.#disposed) {
      return;
    }
    const now = Date.now();
    const { decideAgainAt, ...status } = decideConnection({
      ...readConnectionFacts(this.#watches, this.#readiness?.state),
      context: this.#options.context,
      wasLive: this.#wasLive,
      now,
    });
    this.#wasLive ||= status.state === 'live';
    // What was known last stays as it is while nobody can say more.
    if (status.state !== 'stale' && status.state !== 'wrongCluster') {
      this.#readWatches(now);
    }
    this.#state = this.#buildState(status);
    this.#schedule(Math.min(decideAgainAt ?? Infinity, this.#status.decideAgainAt ?? Infinity), now);
    for (const listener of [...this.#listeners]) {
      listener(this.#state);
    }
  }

  #readWatches(now: number): void {
    const previous = new Map(
      this.#status.workloads.map(({ uid, health, since }) => [uid, { health, since }]),
    );
    this.#status = buildNamespaceStatus(readNamespaceFacts(this.#watches), now, previous);
    const rows = this.#watches.helm.values();
    const jobs = findFailingJobPods(
      this.pods,
      rows.map(row => row.revision),
      now,
    );
    this.#causes.update([...this.#status.failing, ...this.#hooks.pick(jobs)]);
    this.#recorded.update(rows);
  }

  #buildState(connection: ConnectionStatus): EnvironmentState {
    const { clusterId } = this.#identity;
    return {
      connection,
      ...(clusterId === undefined ? {} : { clusterId }),
      workloads: this.#status.workloads,
      revisions: this.#watches.helm
        .values()
        .map(row => row.revision)
        .sort(compareRevisions),
      causes: this.#causes.causes,
      recorded: this.#recorded.images,
      labelled: Object.fromEntries(
        readNamespaceFacts(this.#watches)
          .workloads.filter(({ labelled }) => Object.keys(labelled).length > 0)
          .map(workload => [buildWorkloadKey(workload), workload.labelled]),
      ),
      notices: [
        ...describeMissing(this.#watches),
        ...(this.#recorded.problem ? [this.#recorded.problem] : []),
      ],
    };
  }

  #schedule(at: number, now: number): void {
    clearTimeout(this.#timer);
    if (Number.isFinite(at)) {
      this.#timer = setTimeout(() => this.#changes.mark(), Math.max(10, at - now + 1));
    }
  }
}

function compareRevisions(left: HelmRevision, right: HelmRevision): number {
  return left.release < right.release
    ? -1
    : left.release > right.release
      ? 1
      : left.revision - right.revision;
}
