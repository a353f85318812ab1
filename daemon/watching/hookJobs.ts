import type { Cluster } from '../clusters/clusters.ts';
import { readIsHook } from '../clusters/hookJob.ts';
import type { PodOwner } from '../model/workloadStatus.ts';
import { SlipwayError } from '../protocol/errors.ts';

const timeoutMs = 5_000;

/** After a question that had no answer, in milliseconds. */
const againAfterMs = 5_000;

/**
 * Tells which Jobs are hooks of a chart. Each is asked for once, and only when a pod of it fails, so that nobody needs the
 * right to list Jobs.
 */
export class HookJobs {
  readonly #cluster: Pick<Cluster, 'connection'>;
  readonly #namespace: string;
  readonly #againMs: number;
  readonly #onChange: () => void;
  readonly #known = new Map<string, 'asked' | 'hook' | 'other'>();
  readonly #disposal = new AbortController();
  #again: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly cluster: Pick<Cluster, 'connection'>;
    readonly namespace: string;
    /** More is known, or it is time to ask again: pick anew. */
    readonly onChange: () => void;
    readonly againMs?: number;
  }) {
    this.#cluster = options.cluster;
    this.#namespace = options.namespace;
    this.#onChange = options.onChange;
    this.#againMs = options.againMs ?? againAfterMs;
  }

  /** Those pods whose Job is known to be a hook; of the others' Jobs it is found out. */
  pick<T extends { readonly workload: PodOwner }>(failing: readonly T[]): readonly T[] {
    const present = new Set(failing.map(({ workload }) => workload.uid));
    for (const uid of this.#known.keys()) {
      if (!present.has(uid)) {
        this.#known.delete(uid);
      }
    }
    for (const { workload } of failing) {
      if (!this.#known.has(workload.uid)) {
        this.#known.set(workload.uid, 'asked');
        void this.#ask(workload);
      }
    }
    return failing.filter(({ workload }) => this.#known.get(workload.uid) === 'hook');
  }

  dispose(): void {
    this.#disposal.abort();
    clearTimeout(this.#again);
  }

  async #ask({ uid, name }: PodOwner): Promise<void> {
    const asking = {
      connection: this.#cluster.connection,
      signal: AbortSignal.any([this.#disposal.signal, AbortSignal.timeout(timeoutMs)]),
    };
    try {
      const isHook = await readIsHook(asking, { namespace: this.#namespace, name });
      this.#known.set(uid, isHook ? 'hook' : 'other');
    } catch (error) {
      // Without the right it is never told.
      if (error instanceof SlipwayError && error.code === 'forbidden') {
        this.#known.set(uid, 'other');
      } else {
        this.#known.delete(uid);
        this.#askAgain();
      }
      return;
    }
    this.#onChange();
  }

  /** With nothing else changing, nobody would ask. */
  #askAgain(): void {
    if (!this.#disposal.signal.aborted) {
      this.#again ??= setTimeout(() => {
        this.#again = undefined;
        this.#onChange();
      }, this.#againMs);
    }
  }
}
