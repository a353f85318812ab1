import type { Cluster } from '../../clusters/clusters.ts';
import type { PodFacts } from '../../model/podFacts.ts';
import { SlipwayError } from '../../protocol/errors.ts';
import type { LogFilter, LogFiltered, LogSource, LogView } from '../../protocol/log.ts';
import type { NotificationParams } from '../../protocol/messages.ts';
import { coalesce } from '../coalesce.ts';
import type { SharedWatch } from '../sharedWatches.ts';
import { ContainerFollower } from './containerFollower.ts';
import { EntryFilter } from './entryFilter.ts';
import { type EntryList, listAll } from './entryList.ts';
import { FilterView } from './filterView.ts';
import type { FollowerSink } from './followerSink.ts';
import { HistoryMerge } from './historyMerge.ts';
import { decideLogState } from './logState.ts';
import { LogStore, type StoreLimits } from './logStore.ts';
import type { LogSelection } from './runReader.ts';

/** What of which workload is read. */
export type LogRequest = {
  readonly repositoryId: string;
  readonly environment: string;
  /** `deployment/agent-name` or `pod/agent-name-5c6f-x2k`. */
  readonly workload: string;
  readonly containers?: readonly string[];
  readonly previous: boolean;
} & LogSelection;

/** Whoever has a log open. */
export type LogReader = {
  readonly id: string;
  /** Told several times a second at most, with everything there is to know. */
  readonly onChanged: (changed: NotificationParams<'log.changed'>) => void;
};

/** What an open log works with. */
export type OpenLogOptions = {
  readonly id: string;
  readonly request: LogRequest;
  /** Its own share, which it gives back. */
  readonly watch: SharedWatch;
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly data?: string;
  readonly folder: string;
  readonly limits?: StoreLimits;
  /** Milliseconds of silence after which a connection is opened anew. */
  readonly quietMs?: number;
};

/** Connections to one cluster for one log. */
const mostSources = 200;
/** A flood is told so often, in milliseconds. */
const floodMs = 50;
const defaultQuietMs = 60_000;

type Source = Omit<LogSource, 'state' | 'reason'> & {
  state: LogSource['state'];
  reason: string | undefined;
  readonly follower: ContainerFollower | undefined;
};

/** The log of one workload, all pods merged, from its opening until nobody needs it. */
export class OpenLog {
  readonly id: string;
  readonly #options: OpenLogOptions;
  readonly #store: LogStore;
  readonly #all: EntryList;
  readonly #merge: HistoryMerge;
  readonly #sources: Source[] = [];
  readonly #known = new Map<string, Source>();
  readonly #readers = new Map<string, { readonly reader: LogReader; filter: FilterView | undefined }>();
  readonly #changes = coalesce(() => this.#tell(), floodMs);
  readonly #subscription: { dispose(): void };
  #containers: readonly string[] = [];
  #filterNumber = 0;
  #wasLive = true;
  #over: { readonly state: 'ended' | 'failed'; readonly reason: string } | undefined;
  #disposed = false;

  constructor(options: OpenLogOptions) {
    this.id = options.id;
    this.#options = options;
    this.#store = new LogStore({
      folder: options.folder,
      name: options.id,
      onChanged: () => this.#grow(),
      onFailed: error => this.end('failed', `The log cannot be kept on disk: ${describe(error)}.`),
      ...(options.limits ? { limits: options.limits } : {}),
    });
    this.#all = listAll(this.#store);
    this.#merge = new HistoryMerge(this.#store);
    void this.#merge.over.then(() => this.#changes.mark());
    this.#follow(options.watch.podsOf(options.request.workload) ?? [], true);
    this.#subscription = options.watch.onChanged(() => this.#update());
  }

  /** The log as it stands. */
  view(): LogView {
    const { request, namespace, cluster, data } = this.#options;
    const { state, reason } = this.#over ?? this.#decideState();
    return {
      logId: this.id,
      repositoryId: request.repositoryId,
      environment: request.environment,
      workload: request.workload,
      namespace,
      context: cluster.context,
      ...(data === undefined ? {} : { data }),
      containers: [...this.#containers],
      sources: this.#sources.map(buildSourceView),
      total: this.#store.total,
      first: this.#store.first,
      gaps: this.#store.gaps,
      bytes: this.#store.bytes,
      state,
      ...(reason === undefined ? {} : { reason }),
    };
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** Tells a reader of every change from now on. */
  attach(reader: LogReader): void {
    if (!this.#readers.has(reader.id)) {
      this.#readers.set(reader.id, { reader, filter: undefined });
    }
  }

  detach(readerId: string): void {
    this.#readers.get(readerId)?.filter?.dispose();
    this.#readers.delete(readerId);
  }

  hasReader(readerId: string): boolean {
    return this.#readers.has(readerId);
  }

  /** The entries of the log, or of the reader's filtered view. Throws `filterGone`. */
  list(readerId: string, filterId: string | undefined): EntryList {
    if (filterId === undefined) {
      return this.#all;
    }
    const filter = this.#readers.get(readerId)?.filter;
    if (filter?.id !== filterId) {
      throw new SlipwayError('filterGone', 'This filter was replaced by another.');
    }
    return filter;
  }

  /** Makes the reader's filtered view. Throws `invalidPattern`. */
  async filter(readerId: string, filter: LogFilter): Promise<LogFiltered> {
    const entry = this.#readers.get(readerId);
    if (!entry) {
      throw new SlipwayError('logGone', 'This session does not have the log open.');
    }
    this.#filterNumber += 1;
    const view = new FilterView({
      id: `${this.id}f${this.#filterNumber}`,
      store: this.#store,
      filter: new EntryFilter(filter),
      onChanged: () => this.#changes.mark(),
    });
    entry.filter?.dispose();
    entry.filter = view;
    await view.start();
    return buildFiltered(view);
  }

  /** The whole text of an entry. Throws `invalidArgument` for one that is not there (any more). */
  async readText(sequence: number): Promise<string> {
    const block =
      sequence < this.#store.first ? undefined : await this.#store.readForward(sequence, sequence + 1);
    if (!block) {
      throw new SlipwayError('invalidArgument', `There is no line ${sequence} in the log (any more).`, {
        details: { field: 'sequence' },
      });
    }
    return block.textOf(0);
  }

  /** The name of a source for people. */
  nameSource(id: number): string {
    const source = this.#sources.find(one => one.id === id);
    return source ? `${source.pod}/${source.container}` : '';
  }

  /** Follows no more; what was read stays. */
  end(state: 'ended' | 'failed', reason: string): void {
    if (!this.#over && !this.#disposed) {
      this.#over = { state, reason };
      this.#stop();
      this.#changes.mark();
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#stop();
    for (const { filter } of this.#readers.values()) {
      filter?.dispose();
    }
    this.#readers.clear();
    this.#changes.dispose();
    this.#store.dispose();
  }

  #stop(): void {
    this.#subscription.dispose();
    for (const { follower } of this.#sources) {
      follower?.dispose();
    }
    this.#merge.dispose();
    this.#options.watch.dispose();
  }

  #update(): void {
    const { watch, request } = this.#options;
    const isLive = watch.state.connection.state === 'live';
    if (isLive) {
      this.#follow(watch.podsOf(request.workload) ?? [], false);
      const pods = new Map(watch.pods.map(pod => [pod.uid, pod]));
      for (const { podUid, follower } of this.#sources) {
        follower?.update(pods.get(podUid));
      }
      if (!this.#wasLive) {
        for (const { follower } of this.#sources) {
          follower?.reconnect();
        }
      }
    }
    this.#wasLive = isLive;
  }

  #follow(pods: readonly PodFacts[], isFirst: boolean): void {
    const { request } = this.#options;
    this.#containers = [
      ...new Set([...this.#containers, ...pods.flatMap(pod => pod.containers.map(({ name }) => name))]),
    ];
    const begun: Source[] = [];
    for (const pod of pods) {
      for (const { name } of pod.containers) {
        const isWanted = request.containers?.includes(name) ?? true;
        if (isWanted && !this.#known.has(`${pod.uid}/${name}`) && (isFirst || !request.previous)) {
          begun.push(this.#add(pod, name, isFirst));
        }
      }
    }
    for (const { follower } of begun) {
      follower?.start();
    }
    if (isFirst && begun.length === 0) {
      this.#merge.dispose();
    }
    if (begun.length > 0) {
      this.#changes.mark();
    }
  }

  #add(pod: PodFacts, container: string, isFirst: boolean): Source {
    const id = this.#sources.length === 0 ? 0 : (this.#sources.at(-1)?.id ?? 0) + 1;
    const live = this.#sources.filter(({ state }) => state !== 'ended').length;
    const base = { id, pod: pod.name, podUid: pod.uid, container };
    const source: Source =
      live < mostSources
        ? {
            ...base,
            state: 'waiting',
            reason: undefined,
            follower: this.#build(pod, container, { id, isFirst }),
          }
        : {
            ...base,
            state: 'failed',
            reason: `Not followed: a log follows ${mostSources} containers at most. Choose fewer of them.`,
            follower: undefined,
          };
    this.#sources.push(source);
    this.#known.set(`${pod.uid}/${container}`, source);
    if (!isFirst) {
      const text = `Pod ${pod.name}, container ${container}, joined.`;
      this.#store.remark({ kind: 'notice', time: Date.now() * 1000, text }, id);
    }
    return source;
  }

  #build(
    pod: PodFacts,
    container: string,
    { id, isFirst }: { readonly id: number; readonly isFirst: boolean },
  ): ContainerFollower {
    const { request, cluster, namespace, watch, quietMs = defaultQuietMs } = this.#options;
    const lane = isFirst ? this.#merge.join(id) : undefined;
    const { tailLines, sinceSeconds } = request;
    return new ContainerFollower({
      place: {
        connection: cluster.connection,
        namespace,
        pod: pod.name,
        podUid: pod.uid,
        container,
      },
      pod,
      // All that a pod says that joined later is new.
      selection: isFirst
        ? {
            ...(tailLines === undefined ? {} : { tailLines }),
            ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
          }
        : {},
      previous: request.previous,
      sink: lane ?? this.#buildSink(id),
      onHistory: lane?.done ?? (async () => undefined),
      confirmIdentity: () => watch.confirmIdentity(),
      onBreak: () => watch.doubtIdentity(),
      onState: (state, reason) => this.#setState(id, state, reason),
      quietMs,
    });
  }

  #buildSink(source: number): FollowerSink {
    const store = this.#store;
    return {
      lines: lines => store.append(lines, source),
      remark: remark => store.remark(remark, source),
      get isFull() {
        return store.isFull;
      },
      room: () => store.room(),
    };
  }

  #setState(id: number, state: LogSource['state'], reason: string | undefined): void {
    const source = this.#sources.find(one => one.id === id);
    if (source && (source.state !== state || source.reason !== reason)) {
      source.state = state;
      source.reason = reason;
      this.#changes.mark();
    }
  }

  #decideState(): Pick<LogView, 'state' | 'reason'> {
    return decideLogState(this.#sources, {
      isOpening: !this.#merge.isOver,
      isFinite: this.#options.request.previous || this.#options.request.workload.startsWith('pod/'),
    });
  }

  #grow(): void {
    for (const { filter } of this.#readers.values()) {
      filter?.grow();
    }
    this.#changes.mark();
  }

  #tell(): void {
    this.#forgetSources();
    const log = this.view();
    for (const { reader, filter } of this.#readers.values()) {
      reader.onChanged({ log, ...(filter ? { filtered: buildFiltered(filter) } : {}) });
    }
  }

  /** Pods come and go for weeks: the ended ones of which no line can be read any more are forgotten. */
  #forgetSources(): void {
    if (this.#sources.length > 2 * mostSources) {
      const ended = this.#sources.findIndex(({ state }) => state === 'ended');
      const [source] = ended === -1 ? [] : this.#sources.splice(ended, 1);
      this.#known.delete(`${source?.podUid}/${source?.container}`);
    }
  }
}

function buildSourceView({ follower: _follower, reason, ...source }: Source): LogSource {
  return { ...source, ...(reason === undefined ? {} : { reason }) };
}

function buildFiltered(view: FilterView): LogFiltered {
  return {
    filterId: view.id,
    total: view.total,
    first: view.first,
    scanned: view.scanned,
    ...(view.problem ? { problem: view.problem.message } : {}),
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
