import type { Cluster } from '../../clusters/clusters.ts';
import { SlipwayError } from '../../protocol/errors.ts';
import type { LogFilter, LogFiltered, LogView } from '../../protocol/log.ts';
import type { NotificationParams } from '../../protocol/messages.ts';
import { coalesce } from '../coalesce.ts';
import type { SharedWatch } from '../sharedWatches.ts';
import { EntryFilter } from './entryFilter.ts';
import { type EntryList, listAll } from './entryList.ts';
import { FilterView } from './filterView.ts';
import { type LogRequest, LogSources } from './logSources.ts';
import { LogStore, type StoreLimits } from './logStore.ts';

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

/** A flood is told so often, in milliseconds. */
const floodMs = 50;
const defaultQuietMs = 60_000;

/** The log of one workload, all pods merged, from its opening until nobody needs it. */
export class OpenLog {
  readonly id: string;
  readonly #options: OpenLogOptions;
  readonly #store: LogStore;
  readonly #all: EntryList;
  readonly #sources: LogSources;
  readonly #readers = new Map<string, { readonly reader: LogReader; filter: FilterView | undefined }>();
  readonly #changes = coalesce(() => this.#tell(), floodMs);
  readonly #subscription: { dispose(): void };
  #filterNumber = 0;
  #over: { readonly state: 'ended' | 'failed'; readonly reason: string } | undefined;
  #disposed = false;

  constructor(options: OpenLogOptions) {
    const { watch, request, cluster, namespace, quietMs = defaultQuietMs } = options;
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
    const onChanged = () => this.#changes.mark();
    this.#sources = new LogSources({
      request,
      watch,
      cluster,
      namespace,
      store: this.#store,
      quietMs,
      onChanged,
    });
    this.#subscription = watch.onChanged(() => this.#sources.update());
  }

  /** The log as it stands. */
  view(): LogView {
    const { request, namespace, cluster, data } = this.#options;
    const { state, reason } = this.#over ?? this.#sources.state;
    return {
      logId: this.id,
      repositoryId: request.repositoryId,
      environment: request.environment,
      workload: request.workload,
      namespace,
      context: cluster.context,
      ...(data === undefined ? {} : { data }),
      containers: [...this.#sources.containers],
      sources: this.#sources.views,
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
    return this.#sources.nameOf(id);
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
    this.#sources.dispose();
    this.#options.watch.dispose();
  }

  #grow(): void {
    for (const { filter } of this.#readers.values()) {
      filter?.grow();
    }
    this.#changes.mark();
  }

  #tell(): void {
    const log = this.view();
    for (const { reader, filter } of this.#readers.values()) {
      reader.onChanged({ log, ...(filter ? { filtered: buildFiltered(filter) } : {}) });
    }
  }
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
