import type { Cluster } from '../clusters/clusters.ts';
import { readIsHook } from '../clusters/hookJob.ts';
import type { FailingPod, PodOwner } from '../model/workloadStatus.ts';
import { SlipwayError } from '../protocol/errors.ts';

const timeoutMs = 5_000;

/**
 * Tells which Jobs are hooks of a chart. Each is asked for once, and only when a pod of it fails, so that nobody needs the
 * right to list Jobs.
 */
export class HookJobs {
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #onChange: () => void;
  readonly #known = new Map<string, 'asked' | 'hook' | 'other'>();
  readonly #disposal = new AbortController();

  constructor(options: {
    readonly cluster: Cluster;
    readonly namespace: string;
    readonly onChange: () => void;
  }) {
    this.#cluster = options.cluster;
    this.#namespace = options.namespace;
    this.#onChange = options.onChange;
  }

  /** Those pods whose Job is known to be a hook; of the others' Jobs it is found out. */
  pick(failing: readonly FailingPod[]): readonly FailingPod[] {
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
      // Without the right it is never told; otherwise it is asked again at the next change.
      if (error instanceof SlipwayError && error.code === 'forbidden') {
        this.#known.set(uid, 'other');
      } else {
        this.#known.delete(uid);
      }
      return;
    }
    this.#onChange();
  }
}
