import type { Clusters } from '../clusters/clusters.ts';
import type { PodFacts } from '../model/podFacts.ts';
import type { EnvironmentState } from './environmentState.ts';
import { EnvironmentWatch } from './environmentWatch.ts';

/** Names what is watched; environments with the same target share one watch. */
export type WatchTarget = {
  readonly context: string;
  readonly namespace: string;
  /** The uid of the cluster that is meant; absent = the one that answers first. */
  readonly clusterId?: string;
};

/** A share in a watch. */
export type SharedWatch = {
  readonly state: EnvironmentState;
  /** Every pod of the namespace. */
  readonly pods: readonly PodFacts[];
  /** The pods of a workload (`deployment/agent-name`), or the one of that name (`pod/...`); `undefined` where it is not. */
  podsOf(workload: string): readonly PodFacts[] | undefined;
  /** Resolves when the right cluster answers; throws why it does not. */
  confirmIdentity(): Promise<void>;
  /** A connection broke: who answers next is not known. */
  doubtIdentity(): void;
  /** Calls back after every change, until disposed. */
  onChanged(listener: (state: EnvironmentState) => void): { dispose(): void };
  /** Gives the share back; the last one ends the watch. */
  dispose(): void;
};

/** The watches of all open repositories, each cluster and namespace watched once. */
export class SharedWatches {
  readonly #clusters: Clusters;
  readonly #log: (message: string) => void;
  readonly #watches = new Map<string, { readonly watch: EnvironmentWatch; shares: number }>();

  constructor(options: { readonly clusters: Clusters; readonly log?: (message: string) => void }) {
    this.#clusters = options.clusters;
    this.#log = options.log ?? (() => undefined);
  }

  /** Watches a target from now on, or joins the watch that is there; the first one contacts the cluster. */
  connect(target: WatchTarget): SharedWatch {
    const key = JSON.stringify([target.context, target.namespace, target.clusterId ?? '']);
    const entry = this.#watches.get(key) ?? this.#open(key, target);
    entry.shares += 1;
    const listeners: { dispose(): void }[] = [];
    let disposed = false;
    return {
      get state() {
        return entry.watch.state;
      },
      get pods() {
        return entry.watch.pods;
      },
      podsOf: workload => entry.watch.podsOf(workload),
      confirmIdentity: () => entry.watch.confirmIdentity(),
      doubtIdentity: () => entry.watch.doubtIdentity(),
      onChanged(listener) {
        const subscription = entry.watch.onChanged(listener);
        listeners.push(subscription);
        return subscription;
      },
      dispose: () => {
        if (disposed) {
          return;
        }
        disposed = true;
        for (const listener of listeners) {
          listener.dispose();
        }
        entry.shares -= 1;
        if (entry.shares === 0) {
          this.#watches.delete(key);
          entry.watch.dispose();
        }
      },
    };
  }

  /** Tries at once what waits after a failure. */
  retry(): void {
    for (const { watch } of this.#watches.values()) {
      watch.retry();
    }
  }

  /** Ends every watch. */
  dispose(): void {
    for (const { watch } of this.#watches.values()) {
      watch.dispose();
    }
    this.#watches.clear();
  }

  #open(key: string, target: WatchTarget): { readonly watch: EnvironmentWatch; shares: number } {
    const watch = new EnvironmentWatch({ clusters: this.#clusters, log: this.#log, ...target });
    const entry = { watch, shares: 0 };
    this.#watches.set(key, entry);
    watch.connect();
    return entry;
  }
}
