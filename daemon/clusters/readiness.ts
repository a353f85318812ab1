import { ClusterError } from './clusterError.ts';

/** Whether an API server answers. */
export type ReadinessState =
  | { readonly type: 'unknown' }
  | { readonly type: 'reachable' }
  /** `since` is the last moment when it was known to answer, in milliseconds since 1970. */
  | { readonly type: 'unreachable'; readonly since: number; readonly error: ClusterError };

/** Something that can be probed: a ClusterConnection. */
export type Probed = {
  probe(timeoutMs: number): Promise<void>;
  reset(): void;
  /** When the cluster was heard last, in milliseconds since 1970. */
  readonly heardAt: number;
};

/** Listens to one cluster's readiness. */
export type ReadinessListener = {
  readonly connection: Probed;
  /** The state changed, or its reason did. */
  onChange(state: ReadinessState): void;
  /** It answers again after an outage, or this machine woke up: what was connected before may be dead. */
  onRecovered(): void;
};

/** How often and how long to ask, in milliseconds: an outage is known after `every` + `limit` at the latest. */
const probing = { everyMs: 2_000, limitMs: 2_000 };

/** Probes that are this much further apart than planned mean that the machine slept. */
const sleepMs = 10_000;

/**
 * One probe of `/readyz` for one cluster, only while somebody listens. A watch alone would notice a silent
 * API server after more than a minute.
 */
export class Readiness {
  readonly #listeners = new Set<ReadinessListener>();
  readonly #now: () => number;
  #state: ReadinessState = { type: 'unknown' };
  #lastSuccess: number;
  #timer: NodeJS.Timeout | undefined;
  #probing = false;

  constructor(options: { readonly now?: () => number } = {}) {
    this.#now = options.now ?? Date.now;
    this.#lastSuccess = this.#now();
  }

  get state(): ReadinessState {
    return this.#state;
  }

  /** Listens until disposed; the first listener starts the probe, the last one ends it. */
  listen(listener: ReadinessListener): { dispose(): void } {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      this.#state = { type: 'unknown' };
      this.#lastSuccess = this.#now();
      this.#schedule(0);
    }
    return {
      dispose: () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size === 0) {
          clearTimeout(this.#timer);
        }
      },
    };
  }

  /** Asks at once: a watch has just lost its connection. */
  probeNow(): void {
    if (this.#listeners.size > 0 && !this.#probing) {
      this.#schedule(0);
    }
  }

  #schedule(afterMs: number): void {
    clearTimeout(this.#timer);
    const planned = this.#now() + afterMs;
    this.#timer = setTimeout(() => void this.#probe(planned), afterMs);
  }

  async #probe(planned: number): Promise<void> {
    const first = this.#listeners.values().next().value;
    if (!first || this.#probing) {
      return;
    }
    this.#probing = true;
    const started = this.#now();
    const slept = started - planned > sleepMs;
    if (slept) {
      this.#resetConnections();
    }
    try {
      await first.connection.probe(probing.limitMs);
      this.#succeed(slept);
    } catch (error) {
      const heardAt = Math.max(...[...this.#listeners].map(({ connection }) => connection.heardAt));
      if (heardAt > started) {
        // It is too busy to answer in time, but its watches bring news.
        this.#succeed(slept, heardAt);
      } else if (error instanceof ClusterError && error.kind === 'unreachable') {
        this.#fail(error);
      } else {
        // A failed login says nothing about the API server: the next probe goes through another connection.
        this.#moveLast(first);
      }
    } finally {
      this.#probing = false;
    }
    if (this.#listeners.size > 0) {
      this.#schedule(Math.max(0, started + probing.everyMs - this.#now()));
    }
  }

  #succeed(slept: boolean, at = this.#now()): void {
    const wasUnreachable = this.#state.type === 'unreachable';
    const changed = this.#state.type !== 'reachable';
    this.#lastSuccess = at;
    this.#state = { type: 'reachable' };
    if (wasUnreachable || slept) {
      this.#resetConnections();
      this.#forEachListener(listener => listener.onRecovered());
    }
    if (changed) {
      this.#forEachListener(listener => listener.onChange(this.#state));
    }
  }

  #moveLast(listener: ReadinessListener): void {
    if (this.#listeners.delete(listener)) {
      this.#listeners.add(listener);
    }
  }

  #fail(error: ClusterError): void {
    const previous = this.#state;
    this.#state = { type: 'unreachable', since: this.#lastSuccess, error };
    if (previous.type !== 'unreachable' || previous.error.message !== error.message) {
      this.#forEachListener(listener => listener.onChange(this.#state));
    }
  }

  #resetConnections(): void {
    for (const connection of new Set([...this.#listeners].map(listener => listener.connection))) {
      connection.reset();
    }
  }

  #forEachListener(call: (listener: ReadinessListener) => void): void {
    for (const listener of [...this.#listeners]) {
      call(listener);
    }
  }
}
