import { mkdirSync, rmSync } from 'node:fs';
import { buildMissingRight } from '../../clusters/clusterError.ts';
import type { Cluster, Clusters } from '../../clusters/clusters.ts';
import { readUserName, reviewAccess } from '../../clusters/requests.ts';
import { SlipwayError } from '../../protocol/errors.ts';
import type { OpenRepositories } from '../openRepositories.ts';
import type { SharedWatch, SharedWatches } from '../sharedWatches.ts';
import type { LogTarget, WatchedEnvironment } from '../watchedEnvironment.ts';
import type { LogRequest } from './logSources.ts';
import type { StoreLimits } from './logStore.ts';
import { type LogReader, OpenLog } from './openLog.ts';

/** What the logs work with. */
export type OpenLogsOptions = {
  /** A folder of their own: everything in it is removed. */
  readonly folder: string;
  readonly repositories: Pick<OpenRepositories, 'get'>;
  readonly clusters: Pick<Clusters, 'open'>;
  readonly watches: Pick<SharedWatches, 'connect'>;
  /** Tests make them shorter. */
  readonly lingerMs?: number;
  readonly quietMs?: number;
  readonly limits?: StoreLimits;
};

/** Each keeps up to a gigabyte on disk. */
const mostLogs = 8;
/** How long a log lives after the last session that had it open, in milliseconds: a window may be reloading. */
const defaultLingerMs = 60_000;
/** How long the watch of an environment that has just been opened may take to say something, in milliseconds. */
const connectMs = 10_000;

/** The logs that windows have open. */
export class OpenLogs {
  readonly #options: OpenLogsOptions;
  readonly #logs = new Map<string, { readonly log: OpenLog; readonly end: () => void }>();
  readonly #lingering = new Map<string, NodeJS.Timeout>();
  #number = 0;
  #opening = 0;

  constructor(options: OpenLogsOptions) {
    this.#options = options;
    // Left over when a daemon was killed between making a file and taking its name away.
    rmSync(options.folder, { recursive: true, force: true });
  }

  /** Reasons for the daemon to live, one sentence each. */
  get busy(): readonly string[] {
    return [...this.#logs.values()].map(({ log }) => {
      const { workload, environment } = log.view();
      return `the log of ${workload} in ${environment} is open`;
    });
  }

  /**
   * Opens the log of a workload and follows it. Throws `notTrusted`, `notConnected`, `unknownEnvironment`,
   * `unknownWorkload`, `forbidden`, `tooManyLogs`, or why the cluster does not answer.
   */
  async open(request: LogRequest, reader: LogReader, signal: AbortSignal): Promise<OpenLog> {
    const repository = this.#options.repositories.get(request.repositoryId);
    repository.requireTrust();
    const environment = repository.environments.get(request.environment);
    const target = environment.logTarget();
    if (this.#logs.size + this.#opening >= mostLogs) {
      throw new SlipwayError('tooManyLogs', `${mostLogs} logs are open, and no more may be.`);
    }
    this.#opening += 1;
    const watch = this.#options.watches.connect(target);
    try {
      await requireState(watch, environment.name, signal);
      requireWorkload(watch, request);
      const cluster = this.#options.clusters.open(target.context);
      await requireRight(cluster, target.namespace, signal);
      return this.#begin(request, { watch, cluster, target, environment, reader });
    } catch (error) {
      watch.dispose();
      throw error;
    } finally {
      this.#opening -= 1;
    }
  }

  /** Takes part in a log that is open. Throws `logGone`. */
  attach(logId: string, reader: LogReader): OpenLog {
    const log = this.#logs.get(logId)?.log;
    if (!log) {
      throw buildGone(logId);
    }
    clearTimeout(this.#lingering.get(logId));
    this.#lingering.delete(logId);
    log.attach(reader);
    return log;
  }

  /** A log that the reader takes part in. Throws `logGone`. */
  get(logId: string, readerId: string): OpenLog {
    const log = this.#logs.get(logId)?.log;
    if (!log?.hasReader(readerId)) {
      throw buildGone(logId);
    }
    return log;
  }

  /** A reader needs the log no more: when it was the last, the log ends. */
  close(logId: string, readerId: string): void {
    const entry = this.#logs.get(logId);
    if (entry?.log.hasReader(readerId)) {
      entry.log.detach(readerId);
      if (entry.log.readers === 0) {
        entry.end();
      }
    }
  }

  /** A session has gone: its window may come back and take part again. */
  leave(readerId: string): void {
    for (const [logId, { log, end }] of this.#logs) {
      if (log.hasReader(readerId)) {
        log.detach(readerId);
        if (log.readers === 0) {
          const timer = setTimeout(end, this.#options.lingerMs ?? defaultLingerMs);
          this.#lingering.set(logId, timer);
        }
      }
    }
  }

  dispose(): void {
    for (const { end } of [...this.#logs.values()]) {
      end();
    }
  }

  #begin(
    request: LogRequest,
    opened: {
      readonly watch: SharedWatch;
      readonly cluster: Cluster;
      readonly target: LogTarget;
      readonly environment: WatchedEnvironment;
      readonly reader: LogReader;
    },
  ): OpenLog {
    const { folder, limits, quietMs } = this.#options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#number += 1;
    const { target, environment, reader } = opened;
    const log = new OpenLog({
      id: `log${this.#number}-${Date.now().toString(36)}`,
      request,
      watch: opened.watch,
      cluster: opened.cluster,
      namespace: target.namespace,
      ...(target.data === undefined ? {} : { data: target.data }),
      folder,
      ...(limits ? { limits } : {}),
      ...(quietMs === undefined ? {} : { quietMs }),
    });
    const subscription = environment.onChanged(() => endWhenMoved(log, environment, target));
    this.#logs.set(log.id, {
      log,
      end: () => {
        clearTimeout(this.#lingering.get(log.id));
        this.#lingering.delete(log.id);
        this.#logs.delete(log.id);
        subscription.dispose();
        log.dispose();
      },
    });
    log.attach(reader);
    return log;
  }
}

/** The person's consent was withdrawn, or the environment is somewhere else now. */
function endWhenMoved(log: OpenLog, environment: WatchedEnvironment, target: LogTarget): void {
  let now: LogTarget | undefined;
  try {
    now = environment.logTarget();
  } catch {
    log.end('ended', `${environment.name} was disconnected.`);
    return;
  }
  if (now.context !== target.context || now.namespace !== target.namespace) {
    log.end('ended', `${environment.name} was connected to another place.`);
  }
}

async function requireState(watch: SharedWatch, name: string, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.timeout(connectMs);
  const { promise, resolve } = Promise.withResolvers<void>();
  const subscription = watch.onChanged(() => isDecided(watch) && resolve());
  const stop = () => resolve();
  limit.addEventListener('abort', stop);
  signal.addEventListener('abort', stop);
  try {
    if (!isDecided(watch)) {
      await promise;
    }
  } finally {
    subscription.dispose();
    limit.removeEventListener('abort', stop);
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  const { state, reason = `The cluster of ${name} does not answer.` } = watch.state.connection;
  if (state === 'forbidden' || state === 'wrongCluster') {
    throw new SlipwayError(state, reason);
  }
  if (state !== 'live' && state !== 'stale') {
    throw new SlipwayError('clusterUnreachable', reason);
  }
}

function isDecided(watch: SharedWatch): boolean {
  const { state } = watch.state.connection;
  return state !== 'connecting' && state !== 'notConnected';
}

function requireWorkload(watch: SharedWatch, { workload, environment }: LogRequest): void {
  if (!watch.podsOf(workload)) {
    const names = watch.state.workloads.map(({ kind, name }) => `${kind.toLowerCase()}/${name}`);
    throw new SlipwayError(
      'unknownWorkload',
      `There is no ${workload} in ${environment}; there are: ${names.join(', ') || 'none'}.`,
      { details: { workload } },
    );
  }
}

/** Asked for first, so that a missing right is said at once, and not once per pod. */
async function requireRight(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<void> {
  const asking = { connection: cluster.connection, signal };
  const question = { verb: 'get', resource: 'pods', subresource: 'log', namespace };
  const answer = await reviewAccess(asking, question).catch(() => undefined);
  if (answer?.allowed === false) {
    const user = (await readUserName(asking)) ?? 'this user';
    throw buildMissingRight({ user, verb: 'get', object: 'pods/log', namespace }, cluster.context);
  }
}

function buildGone(logId: string): SlipwayError {
  return new SlipwayError(
    'logGone',
    'This log is over: nobody has had it open for a while, or the daemon was restarted.',
    {
      details: { logId },
    },
  );
}
