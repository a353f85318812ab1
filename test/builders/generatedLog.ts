import { writeFileSync } from 'node:fs';
import type {
  LogBatch,
  LogFilter,
  LogFiltered,
  LogMatch,
  LogPattern,
  LogSource,
  LogView,
} from '../../daemon/protocol/log.ts';
import type {
  NotificationName,
  NotificationParams,
  Params,
  RequestName,
  Result,
} from '../../daemon/protocol/messages.ts';
import { findMatches } from '../../daemon/watching/logs/findMatches.ts';
import { buildLineMatcher } from '../../daemon/watching/logs/lineMatcher.ts';
import { runSlice } from '../../daemon/watching/logs/runSlice.ts';
import type { DaemonPort } from '../../extension/state/daemonPort.ts';

/** An entry as it travels, for its place. */
export type BuildRow = (place: number) => string;

/** What a generated log is made of. */
export type GeneratedLogOptions = {
  readonly total: number;
  readonly row?: BuildRow;
  readonly view?: Partial<LogView>;
};

type Changed = NotificationParams<'log.changed'>;

/** The daemon's part in the tests of the page: a log of any length whose entries are made when they are read. */
export class GeneratedLog implements DaemonPort {
  /** Every question, in order. */
  readonly asked: { readonly method: string; readonly params: Readonly<Record<string, unknown>> }[] = [];
  /** What was written to a file last. */
  saved = '';
  readonly #listeners = new Set<(params: Changed) => void>();
  #row: BuildRow;
  #view: LogView;
  #filtered:
    | { readonly filterId: string; readonly scanned: number; readonly places: readonly number[] }
    | undefined;
  #filters = 0;
  #isForgotten = false;
  #held:
    | {
        from: number;
        isFiltered: boolean;
        asked: PromiseWithResolvers<void>;
        released: PromiseWithResolvers<void>;
      }
    | undefined;
  #scanLimit = Number.POSITIVE_INFINITY;

  constructor(options: GeneratedLogOptions) {
    this.#row = options.row ?? buildRow;
    this.#view = buildView({ total: options.total, ...options.view });
  }

  get view(): LogView {
    return this.#view;
  }

  /** Tells that there is more, or that something else has changed. */
  change(changed: Partial<LogView>, row?: BuildRow): void {
    this.#row = row ?? this.#row;
    this.#view = { ...this.#view, ...changed };
    const filter = this.#filter;
    if (this.#filtered && filter) {
      const { scanned, places } = this.#filtered;
      const until = Math.min(this.#scanLimit, this.#view.total);
      const added = this.#select(filter, scanned, until);
      this.#filtered = { ...this.#filtered, scanned: until, places: places.concat(added) };
    }
    for (const listener of this.#listeners) {
      listener({
        log: this.#view,
        ...(this.#filtered
          ? {
              filtered: {
                filterId: this.#filtered.filterId,
                total: this.#filtered.places.length,
                first: 0,
                scanned: this.#filtered.scanned,
              },
            }
          : {}),
      });
    }
  }

  /** Lets the filter get so far and no further. */
  scanOnly(scanned: number): void {
    this.#scanLimit = scanned;
    this.change({});
  }

  /** Keeps the answer to the next read of a view from a place back until it is released: by then it is old. */
  holdRead(
    view: 'log' | 'filtered',
    from: number,
  ): { readonly asked: Promise<void>; readonly release: () => void } {
    const [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    this.#held = { from, isFiltered: view === 'filtered', asked, released };
    return { asked: asked.promise, release: released.resolve };
  }

  /** The daemon was started anew: it knows this log no more. */
  forget(): void {
    this.#isForgotten = true;
  }

  async request<M extends RequestName>(method: M, params: Params<M>): Promise<Result<M>> {
    const given = params as Readonly<Record<string, unknown>>;
    this.asked.push({ method, params: given });
    const answer = this.#answer(method, given) as Result<M>;
    const held = this.#held;
    const isFiltered = given['filterId'] !== undefined;
    if (method === 'log.read' && held?.from === given['from'] && held?.isFiltered === isFiltered) {
      this.#held = undefined;
      held.asked.resolve();
      await held.released.promise;
    }
    return answer;
  }

  on<N extends NotificationName>(_name: N, listener: (params: NotificationParams<N>) => void): () => void {
    const heard = listener as unknown as (params: Changed) => void;
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  /** Refuses filters from now on, as the daemon does where a regular expression needs too long. */
  refuseFilters(message: string): void {
    this.#filterRefusal = message;
  }

  #filter: LogFilter | undefined;
  #filterRefusal: string | undefined;

  #answer(method: string, params: Readonly<Record<string, unknown>>): unknown {
    switch (method) {
      case 'log.open':
        this.#isForgotten = false;
        this.#view = { ...this.#view, logId: `${this.#view.logId}+` };
        return this.#view;
      case 'log.attach':
        if (this.#isForgotten) {
          throw Object.assign(new Error('The log is over.'), { code: 'logGone' });
        }
        return this.#view;
      case 'log.read':
        return this.#read(params as never);
      case 'log.save':
        return this.#save(String(params['path']));
      case 'log.readLine':
        return { text: 'x'.repeat(1_000_000) };
      case 'log.filter':
        if (this.#filterRefusal !== undefined) {
          throw Object.assign(new Error(this.#filterRefusal), { code: 'invalidPattern' });
        }
        return this.#makeFilter(params['filter'] as LogFilter);
      case 'log.find':
        return this.#find(params as never);
      case 'log.match':
        return match(params as never);
      default:
        return {};
    }
  }

  #save(path: string): { lines: number; bytes: number } {
    const rows = Array.from({ length: Math.min(this.#view.total, 1_000) }, (_, place) => this.#row(place));
    this.saved = rows.map(row => row.split(' ').slice(6).join(' ')).join('\n');
    writeFileSync(path, this.saved);
    return { lines: rows.length, bytes: Buffer.byteLength(this.saved) };
  }

  #makeFilter(filter: LogFilter): LogFiltered {
    this.#filters += 1;
    this.#filter = filter;
    const filterId = `filter-${this.#filters}`;
    const scanned = Math.min(this.#scanLimit, this.#view.total);
    const places = this.#select(filter, this.#view.first, scanned);
    this.#filtered = { filterId, scanned, places };
    return { filterId, total: places.length, first: 0, scanned };
  }

  #select(filter: LogFilter, from: number, to: number): readonly number[] {
    const fits = buildFits(filter);
    const places: number[] = [];
    for (let place = from; place < to; place += 1) {
      if (fits(this.#row(place))) {
        places.push(place);
      }
    }
    return places;
  }

  #read(params: { filterId?: string; from: number; limit: number }): LogBatch {
    const places = params.filterId === undefined ? undefined : this.#filtered?.places;
    const total = places ? places.length : this.#view.total;
    const first = places ? 0 : this.#view.first;
    const from = Math.max(params.from, first);
    const rows: string[] = [];
    let characters = 0;
    for (let at = from; at < Math.min(total, from + params.limit); at += 1) {
      const row = this.#row(places?.[at] ?? at);
      characters += row.length;
      if (rows.length > 0 && characters > longestBatch) {
        break;
      }
      rows.push(row);
    }
    return { from, count: rows.length, text: rows.join('\n'), total, first };
  }

  /** With the daemon's own guard: an expression that needs too long would stop the tests as well. */
  #find(params: { filterId?: string; pattern: LogPattern; from: number; direction: string }): {
    place?: number;
  } {
    const places = params.filterId === undefined ? undefined : this.#filtered?.places;
    const total = places ? places.length : this.#view.total;
    const fits = buildFits({ include: params.pattern });
    const { from, direction, pattern } = params;
    const count = direction === 'forward' ? total - from : from - this.#view.first + 1;
    let place: number | undefined;
    for (let done = 0; done < count && place === undefined; ) {
      const start = direction === 'forward' ? from + done : from - done;
      done += runSlice(
        count - done,
        index => {
          const at = direction === 'forward' ? start + index : start - index;
          place = fits(this.#row(places?.[at] ?? at)) ? at : undefined;
          return place !== undefined;
        },
        { isGuarded: pattern.regex },
      );
    }
    return place === undefined ? {} : { place };
  }
}

/** The daemon's own limit of a batch, in characters. */
const longestBatch = 256 * 1024;

/** Two pods of a Deployment, one container each. */
export const twoPods: readonly LogSource[] = ['x2k4z', 'b7q9w'].map((name, id) => ({
  id,
  pod: `agent-name-5c6f7d8b9-${name}`,
  podUid: `uid-${name}`,
  container: 'agent',
  state: 'live',
}));

/** A log as it stands. */
export function buildView(values: Partial<LogView>): LogView {
  return {
    logId: 'log-1',
    repositoryId: 'repository',
    environment: 'staging',
    workload: 'deployment/agent-name',
    namespace: 'kosmos-staging',
    context: 'kosmos-staging',
    containers: ['agent'],
    sources: [...twoPods],
    total: 0,
    first: 0,
    gaps: 0,
    bytes: 0,
    state: 'live',
    ...values,
  };
}

/** An entry of a busy service: 130 characters, one in seven worse than the others, three in five coloured. */
export function buildRow(place: number): string {
  const severity = place % 97 === 0 ? 1 : place % 7 === 0 ? 2 : 3;
  const word = ['FATAL', 'ERROR', 'WARN ', 'INFO '][severity] ?? 'INFO ';
  const colored = place % 5 < 3 ? `\u001b[3${severity === 3 ? 2 : 1}m${word}\u001b[0m` : word;
  const text = `${colored} request ${place} GET /api/agents/${place % 1000}/tasks answered 200 in ${place % 61} ms id=${(place * 7919).toString(16)}`;
  return writeEntry({ severity, sequence: place, source: place % 2, text });
}

/** Writes an entry as it travels. */
export function writeEntry(entry: {
  readonly kind?: 'L' | 'T' | 'G' | 'N';
  readonly severity?: number;
  readonly sequence: number;
  readonly source?: number;
  readonly length?: number;
  readonly time?: string;
  readonly text: string;
}): string {
  const { kind = 'L', severity = 6, sequence, source = 0, text, length = text.length } = entry;
  const time = entry.time ?? `${new Date(firstTime + sequence * 10).toISOString().slice(0, 23)}000000Z`;
  return `${kind} ${severity} ${sequence} ${source} ${length} ${time} ${text}`;
}

const firstTime = Date.parse('2026-11-23T10:00:00.000Z');

/** By the daemon's own matchers. */
function buildFits(filter: LogFilter): (row: string) => boolean {
  const include = filter.include && buildLineMatcher(filter.include);
  const exclude = filter.exclude && buildLineMatcher(filter.exclude);
  const order = ['fatal', 'error', 'warning', 'info', 'debug', 'trace', 'none'];
  const least = filter.severity === undefined ? 6 : order.indexOf(filter.severity);
  return row => {
    const [kind = '', severity = '', , source = ''] = row.split(' ', 4);
    if (kind === 'G' || kind === 'N') {
      return true;
    }
    const text = row.split(' ').slice(6).join(' ');
    return (
      Number(severity) <= least &&
      (filter.sources?.includes(Number(source)) ?? true) &&
      (include?.(text) ?? true) &&
      !(exclude?.(text) ?? false)
    );
  };
}

/** The daemon's own: it is what keeps an expression from taking too long. */
async function match(params: {
  pattern: LogPattern;
  texts: readonly string[];
}): Promise<{ matches: LogMatch[][] }> {
  return { matches: await findMatches(params.pattern, params.texts, new AbortController().signal) };
}
