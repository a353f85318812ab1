import type { ClusterConnection } from './clusterConnection.ts';
import { checkClusterId, readClusterId } from './clusterIdentity.ts';

/** A confirmation is asked for again after this time, in milliseconds. */
const freshMs = 60_000;

/**
 * Makes sure that a connection leads to one and the same cluster: asked at connecting and after each break, since
 * another cluster may answer under the same address, in whose history our versions mean nothing.
 */
export class IdentityGuard {
  readonly #connection: ClusterConnection;
  readonly #expected: string | undefined;
  readonly #onReplaced: () => void;
  #clusterId: string | undefined;
  #confirmedAt = Number.NEGATIVE_INFINITY;
  #generation = 0;
  #asking: Promise<void> | undefined;

  /** `onReplaced` is told when another cluster answers than before and no particular one is expected. */
  constructor(options: {
    readonly connection: ClusterConnection;
    readonly expected: string | undefined;
    readonly onReplaced: () => void;
  }) {
    this.#connection = options.connection;
    this.#expected = options.expected;
    this.#onReplaced = options.onReplaced;
  }

  /** The cluster that answered last. */
  get clusterId(): string | undefined {
    return this.#clusterId;
  }

  /** The connection broke: who answers next is not known. */
  invalidate(): void {
    this.#generation += 1;
    this.#confirmedAt = Number.NEGATIVE_INFINITY;
    this.#asking = undefined;
  }

  /** Resolves when the right cluster answers; throws `wrongCluster`, or why nobody can say. */
  async confirm(): Promise<void> {
    if (performance.now() - this.#confirmedAt < freshMs) {
      return;
    }
    this.#asking ??= this.#ask(this.#generation);
    await this.#asking;
  }

  async #ask(generation: number): Promise<void> {
    try {
      const actual = await readClusterId(this.#connection);
      const { context, server } = this.#connection;
      const previous = this.#clusterId;
      this.#clusterId = actual;
      checkClusterId(actual, this.#expected ?? actual, { context, server });
      if (generation === this.#generation) {
        this.#confirmedAt = performance.now();
      }
      if (previous !== undefined && previous !== actual && this.#expected === undefined) {
        this.#onReplaced();
      }
    } finally {
      if (generation === this.#generation) {
        this.#asking = undefined;
      }
    }
  }
}
