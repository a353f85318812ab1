import type { Cluster } from '../../clusters/clusters.ts';
import type { PodFacts } from '../../model/podFacts.ts';
import type { LogSource, LogView } from '../../protocol/log.ts';
import type { SharedWatch } from '../sharedWatches.ts';
import { ContainerFollower } from './containerFollower.ts';
import type { FollowerSink } from './followerSink.ts';
import { HistoryMerge } from './historyMerge.ts';
import { decideLogState } from './logState.ts';
import type { LogStore } from './logStore.ts';
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
};

/** Connections to one cluster for one log. */
const mostSources = 200;

type Source = Omit<LogSource, 'state' | 'reason'> & {
  state: LogSource['state'];
  reason: string | undefined;
  readonly follower: ContainerFollower | undefined;
};

/** The containers of a workload's pods, each followed into the store; pods join as the watch tells of them. */
export class LogSources {
  readonly #options: LogSourcesOptions;
  readonly #merge: HistoryMerge;
  readonly #sources: Source[] = [];
  readonly #known = new Map<string, Source>();
  #containers: readonly string[] = [];
  #wasLive = true;
  #number = 0;

  constructor(options: LogSourcesOptions) {
    this.#options = options;
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
    return this.#sources.map(({ follower: _follower, reason, ...source }) => ({
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

  dispose(): void {
    for (const { follower } of this.#sources) {
      follower?.dispose();
    }
    this.#merge.dispose();
  }

  #follow(pods: readonly PodFacts[], isFirst: boolean): void {
    const { request, onChanged } = this.#options;
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
      this.#options.store.remark({ kind: 'notice', time: Date.now() * 1000, text }, id);
    }
    return source;
  }

  #build(
    pod: PodFacts,
    container: string,
    { id, isFirst }: { readonly id: number; readonly isFirst: boolean },
  ): ContainerFollower {
    const { request, cluster, namespace, watch, quietMs } = this.#options;
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
    }
  }

  /** Pods come and go for weeks: the oldest that have ended are named no more. */
  #makeRoom(): void {
    if (this.#sources.length >= 2 * mostSources) {
      const ended = this.#sources.findIndex(({ state }) => state === 'ended');
      if (ended !== -1) {
        this.#sources.splice(ended, 1);
      }
    }
  }
}
