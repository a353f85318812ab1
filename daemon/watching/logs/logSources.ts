import type { Cluster } from '../../clusters/clusters.ts';
import type { PodFacts } from '../../model/podFacts.ts';
import type { LogSource, LogView } from '../../protocol/log.ts';
import type { SharedWatch } from '../sharedWatches.ts';
import { ContainerFollower } from './containerFollower.ts';
import type { FollowerSink } from './followerSink.ts';
import { HistoryMerge } from './historyMerge.ts';
import { listLogged } from './listLogged.ts';
import { listWanted, sortRunningFirst } from './listWanted.ts';
import { decideLogState } from './logState.ts';
import type { LogStore } from './logStore.ts';
import type { LogSelection } from './runReader.ts';
import { selectLines } from './selectLines.ts';

/** What of which workload is read. */
export type LogRequest = {
  readonly repositoryId: string;
  readonly environment: string;
  /** `deployment/agent-name` or `pod/agent-name-5c6f-x2k`. */
  readonly workload: string;
  readonly containers?: readonly string[];
  readonly previous: boolean;
} & LogSelection;

/** What the sources of a log work with. */
export type LogSourcesOptions = {
  readonly request: LogRequest;
  readonly watch: SharedWatch;
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly store: LogStore;
  /** Milliseconds of silence after which a connection is opened anew. */
  readonly quietMs: number;
  readonly onChanged: () => void;
  /** Connections to one cluster for one log; made small by tests alone. */
  readonly most?: number;
};

const mostConnections = 200;

type Source = Omit<LogSource, 'state' | 'reason'> & {
  state: LogSource['state'];
  reason: string | undefined;
  /** Absent while there is no room for it. */
  follower: ContainerFollower | undefined;
  /** It was there when the log was opened: not all that it wrote before is wanted. */
  readonly isFirst: boolean;
};

/** The containers of a workload's pods, each followed into the store; pods join as the watch tells of them. */
export class LogSources {
  readonly #options: LogSourcesOptions;
  readonly #merge: HistoryMerge;
  readonly #sources: Source[] = [];
  readonly #known = new Map<string, Source>();
  readonly #most: number;
  readonly #openedAt = Date.now();
  #containers: readonly string[] = [];
  #wasLive = true;
  #number = 0;
  #disposed = false;

  constructor(options: LogSourcesOptions) {
    this.#options = options;
    this.#most = options.most ?? mostConnections;
    this.#merge = new HistoryMerge(options.store);
    void this.#merge.over.then(options.onChanged);
    this.#follow(options.watch.podsOf(options.request.workload) ?? [], true);
  }

  /** The names of the containers that there are, for the choice among them. */
  get containers(): readonly string[] {
    return this.#containers;
  }

  /** The sources as they stand. */
  get views(): LogSource[] {
    return this.#sources.map(({ follower: _follower, isFirst: _isFirst, reason, ...source }) => ({
      ...source,
      ...(reason === undefined ? {} : { reason }),
    }));
  }

  /** How the log stands by what its sources say. */
  get state(): Pick<LogView, 'state' | 'reason'> {
    const { previous, workload } = this.#options.request;
    return decideLogState(this.#sources, {
      isOpening: !this.#merge.isOver,
      isFinite: previous || workload.startsWith('pod/'),
    });
  }

  /** The name of a source for people. */
  nameOf(id: number): string {
    const source = this.#sources.find(one => one.id === id);
    return source ? `${source.pod}/${source.container}` : '';
  }

  /** The watch has news. */
  update(): void {
    const { watch, request } = this.#options;
    const isLive = watch.state.connection.state === 'live';
    if (isLive) {
      this.#follow(watch.podsOf(request.workload) ?? [], false);
      const pods = new Map(watch.pods.map(pod => [pod.uid, pod]));
      for (const source of this.#sources) {
        const pod = pods.get(source.podUid);
        source.follower?.update(pod);
        if (!source.follower && !pod) {
          this.#giveUp(source);
        }
      }
      this.#fill();
      if (!this.#wasLive) {
        for (const { follower } of this.#sources) {
          follower?.reconnect();
        }
      }
    }
    this.#wasLive = isLive;
  }

  dispose(): void {
    this.#disposed = true;
    for (const { follower } of this.#sources) {
      follower?.dispose();
    }
    this.#merge.dispose();
  }

  #follow(pods: readonly PodFacts[], isFirst: boolean): void {
    const { request, onChanged } = this.#options;
    this.#containers = [
      ...new Set([...this.#containers, ...pods.flatMap(pod => listLogged(pod).map(({ name }) => name))]),
    ];
    const wanted = listWanted(pods, request.containers).filter(
      ({ pod, container }) =>
        !this.#known.has(`${pod.uid}/${container.name}`) && (isFirst || !request.previous),
    );
    const sorted = wanted.length > this.#most ? sortRunningFirst(wanted) : wanted;
    const begun = sorted.map(({ pod, container }) => this.#add(pod, container.name, isFirst));
    for (const { follower } of begun) {
      follower?.start();
    }
    if (isFirst && begun.every(({ follower }) => follower === undefined)) {
      this.#merge.dispose();
    }
    if (begun.length > 0) {
      onChanged();
    }
  }

  #add(pod: PodFacts, container: string, isFirst: boolean): Source {
    this.#makeRoom();
    const id = this.#number;
    this.#number += 1;
    const base = { id, pod: pod.name, podUid: pod.uid, container, isFirst };
    const source: Source = this.#hasRoom
      ? {
          ...base,
          state: 'waiting',
          reason: undefined,
          follower: this.#build(pod, base, isFirst ? this.#merge.join(id) : undefined),
        }
      : {
          ...base,
          state: 'failed',
          reason: `Not followed yet: a log follows ${this.#most} containers at a time. It is when others have ended; or choose fewer of them.`,
          follower: undefined,
        };
    this.#sources.push(source);
    this.#known.set(`${pod.uid}/${container}`, source);
    if (!isFirst) {
      const text = `Pod ${pod.name}, container ${container}, joined.`;
      this.#options.store.remark({ kind: 'notice', time: Date.now() * 1000, text }, id);
    }
    return source;
  }

  get #hasRoom(): boolean {
    return this.#sources.filter(({ follower, state }) => follower && state !== 'ended').length < this.#most;
  }

  /** Others have ended: what found no room before is followed now. */
  #fill(): void {
    const { watch } = this.#options;
    for (const source of this.#disposed ? [] : this.#sources) {
      const pod =
        source.follower || source.state === 'ended' || !this.#hasRoom
          ? undefined
          : watch.pods.find(({ uid }) => uid === source.podUid);
      if (pod) {
        source.follower = this.#build(pod, source, undefined);
        this.#setState(source.id, 'waiting', undefined);
        this.#sayLeftOut(source);
        source.follower.start();
      }
    }
  }

  /** The last lines of before the opening cannot be told from what came since. */
  #sayLeftOut({ id, pod, container, isFirst }: Source): void {
    const { request, store } = this.#options;
    if (isFirst && !request.previous && request.tailLines !== undefined) {
      const text = `Pod ${pod}, container ${container}, is followed now: its lines from before the log was opened are left out.`;
      store.remark({ kind: 'notice', time: Date.now() * 1000, text }, id);
    }
  }

  /** Its pod went before there was room for it. */
  #giveUp(source: Source): void {
    if (source.state !== 'ended') {
      const text = `All lines of pod ${source.pod}, container ${source.container}, are missing: it was deleted before there was room to follow it.`;
      this.#options.store.remark({ kind: 'gap', time: Date.now() * 1000, text }, source.id);
      this.#setState(source.id, 'ended', 'The pod was deleted.');
    }
  }

  #build(
    pod: PodFacts,
    { id, container, isFirst }: Pick<Source, 'id' | 'container' | 'isFirst'>,
    lane: ReturnType<HistoryMerge['join']> | undefined,
  ): ContainerFollower {
    const { request, cluster, namespace, watch, quietMs } = this.#options;
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
      selection: isFirst ? selectLines(request, lane ? undefined : this.#openedAt) : {},
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
    const { store } = this.#options;
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
      this.#options.onChanged();
      if (state === 'ended') {
        // Not at once: whoever has ended is still in the middle of it.
        queueMicrotask(() => this.#fill());
      }
    }
  }

  /** Pods come and go for weeks: the oldest that have ended are named no more. */
  #makeRoom(): void {
    if (this.#sources.length >= 2 * this.#most) {
      const ended = this.#sources.findIndex(({ state }) => state === 'ended');
      if (ended !== -1) {
        this.#sources.splice(ended, 1);
      }
    }
  }
}
