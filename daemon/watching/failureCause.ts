import type { Cluster } from '../clusters/clusters.ts';
import { readEvents, readLogTail } from '../clusters/requests.ts';
import type { ContainerFacts } from '../model/podFacts.ts';
import type { FailureCause } from '../model/rollout.ts';
import type { FailingPod } from '../model/workloadStatus.ts';
import { SlipwayError } from '../protocol/errors.ts';

/** How much of a failure is gathered. */
const limits = { logLines: 40, logBytes: 16_384, events: 8, perWorkload: 3, atATime: 3, timeoutMs: 5_000 };

/** A container may fail before its last words have reached its log: then they are read again, in milliseconds. */
const againAfterMs = [250, 500, 1_000, 2_000];

type Gathered = { readonly key: string; readonly cause: FailureCause; readonly complete: boolean };

/** What was read, and whether there was an answer. */
type Read = { readonly lines: readonly string[]; readonly answered: boolean };

/**
 * Gathers why pods fail: reason, last events, last log lines. Once per pod, container and restart; at most three
 * pods of a workload, and three at a time.
 */
export class FailureCauses {
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #onChange: () => void;
  readonly #gathered = new Map<string, Gathered>();
  readonly #wanted = new Map<string, { readonly key: string; readonly failing: FailingPod }>();
  readonly #disposal = new AbortController();
  #running = 0;

  constructor(options: {
    readonly cluster: Cluster;
    readonly namespace: string;
    readonly onChange: () => void;
  }) {
    this.#cluster = options.cluster;
    this.#namespace = options.namespace;
    this.#onChange = options.onChange;
  }

  /** The causes of the pods that fail at present, in the order of `update`; only what is gathered already. */
  get causes(): readonly FailureCause[] {
    return [...this.#wanted.keys()].flatMap(uid => this.#gathered.get(uid)?.cause ?? []);
  }

  /** These pods fail now, oldest first: what is not known of them yet is gathered. */
  update(failing: readonly FailingPod[]): void {
    this.#wanted.clear();
    const perWorkload = new Map<string, number>();
    for (const one of failing) {
      const count = (perWorkload.get(one.workload.uid) ?? 0) + 1;
      perWorkload.set(one.workload.uid, count);
      if (count <= limits.perWorkload) {
        this.#wanted.set(one.pod.uid, { key: buildKey(one), failing: one });
      }
    }
    for (const uid of this.#gathered.keys()) {
      if (!this.#wanted.has(uid)) {
        this.#gathered.delete(uid);
      }
    }
    this.#startMore();
  }

  /** The cluster answers again: what could not be read is read now. */
  retry(): void {
    for (const [uid, gathered] of this.#gathered) {
      if (!gathered.complete) {
        this.#gathered.set(uid, { ...gathered, key: '' });
      }
    }
    this.#startMore();
  }

  dispose(): void {
    this.#disposal.abort();
  }

  #startMore(): void {
    for (const [uid, { key, failing }] of this.#wanted) {
      if (this.#running >= limits.atATime) {
        return;
      }
      if (this.#gathered.get(uid)?.key !== key) {
        // What was gathered at the last restart is shown until there is more.
        const { events = [], logLines = [] } = this.#gathered.get(uid)?.cause ?? {};
        this.#gathered.set(uid, { key, cause: buildCause(failing, { events, logLines }), complete: false });
        this.#running += 1;
        void this.#gather(uid, key, failing)
          .finally(() => {
            this.#running -= 1;
            this.#startMore();
          })
          .then(complete => (complete ? undefined : this.#gatherAgain(uid, key, failing)));
      }
    }
  }

  /** One try; true when there is nothing to come back for. */
  async #gather(uid: string, key: string, failing: FailingPod): Promise<boolean> {
    const [events, log] = await Promise.all([this.#readEvents(failing), this.#readLog(failing)]);
    if (this.#disposal.signal.aborted || this.#gathered.get(uid)?.key !== key) {
      return true;
    }
    const hasLog = log.answered && (log.lines.length > 0 || !hasRun(failing));
    // What went wrong is a warning; that the pod was scheduled and started is told before it.
    const complete = hasLog && events.answered && events.lines.some(line => line.startsWith('Warning '));
    const cause = buildCause(failing, { events: events.lines, logLines: log.lines });
    this.#gathered.set(uid, { key, cause, complete });
    this.#onChange();
    return complete;
  }

  async #gatherAgain(uid: string, key: string, failing: FailingPod): Promise<void> {
    for (const pause of againAfterMs) {
      await this.#sleep(pause);
      if (await this.#gather(uid, key, failing)) {
        return;
      }
    }
  }

  async #readEvents({ pod }: FailingPod): Promise<Read> {
    try {
      const events = await readEvents(this.#ask(), {
        namespace: this.#namespace,
        uid: pod.uid,
        limit: limits.events,
      });
      const lines = events.map(
        ({ type, reason, message, count }) =>
          `${type} ${reason}: ${message}${count > 1 ? ` (x${count})` : ''}`,
      );
      return { lines, answered: true };
    } catch (error) {
      return { lines: [`(Events cannot be read: ${describe(error)})`], answered: false };
    }
  }

  async #readLog(failing: FailingPod): Promise<Read> {
    if (!hasRun(failing)) {
      return { lines: [], answered: true };
    }
    const container = findContainer(failing);
    const read = (previous: boolean) =>
      readLogTail(this.#ask(), {
        namespace: this.#namespace,
        pod: failing.pod.name,
        container: failing.failure.container,
        previous,
        lines: limits.logLines,
        limitBytes: limits.logBytes,
      });
    try {
      const restarted = (container?.restarts ?? 0) > 0 && container?.state.type !== 'terminated';
      const previous = restarted ? await read(true) : [];
      return { lines: previous.length > 0 ? previous : await read(false), answered: true };
    } catch (error) {
      return { lines: [`(The log cannot be read: ${describe(error)})`], answered: false };
    }
  }

  #ask() {
    return {
      connection: this.#cluster.connection,
      signal: AbortSignal.any([this.#disposal.signal, AbortSignal.timeout(limits.timeoutMs)]),
    };
  }

  async #sleep(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    const stop = () => resolve();
    this.#disposal.signal.addEventListener('abort', stop, { once: true });
    await promise;
    clearTimeout(timer);
    this.#disposal.signal.removeEventListener('abort', stop);
  }
}

function buildKey({ failure }: FailingPod): string {
  return `${failure.container}/${failure.restarts}/${failure.reason}`;
}

function buildCause(
  { workload, pod, failure }: FailingPod,
  found: { readonly events: readonly string[]; readonly logLines: readonly string[] },
): FailureCause {
  return {
    workload: `${workload.kind.toLowerCase()}/${workload.name}`,
    pod: pod.name,
    container: failure.container,
    reason: failure.reason,
    ...(failure.message === undefined ? {} : { message: failure.message }),
    ...found,
    at: new Date().toISOString(),
  };
}

function findContainer({ pod, failure }: FailingPod): ContainerFacts | undefined {
  return pod.containers.find(({ name }) => name === failure.container);
}

/** A container that never ran has no log. */
function hasRun(failing: FailingPod): boolean {
  const container = findContainer(failing);
  return container !== undefined && (container.state.type !== 'waiting' || container.lastEnd !== undefined);
}

function describe(error: unknown): string {
  return error instanceof SlipwayError ? error.message : String(error);
}
