import * as z from 'zod/mini';
import type {
  LogBatch,
  LogFilter,
  LogFiltered,
  LogMatch,
  LogPattern,
  LogSource,
  LogView,
} from '../../daemon/protocol/log.ts';
import { logWordKeys } from './logWords.ts';

const severities = ['fatal', 'error', 'warning', 'info', 'debug', 'trace', 'none'] as const;

const patternSchema: z.ZodMiniType<LogPattern> = z.object({
  text: z.string(),
  regex: z.boolean(),
  matchCase: z.boolean(),
  readable: z.exactOptional(z.boolean()),
});

const matchSchema: z.ZodMiniType<LogMatch> = z.object({ from: z.number(), to: z.number() });

const filterSchema: z.ZodMiniType<LogFilter> = z.object({
  include: z.exactOptional(patternSchema),
  exclude: z.exactOptional(patternSchema),
  sources: z.exactOptional(z.array(z.number())),
  severity: z.exactOptional(z.enum(severities)),
});

const sourceSchema: z.ZodMiniType<LogSource> = z.object({
  id: z.number(),
  pod: z.string(),
  podUid: z.string(),
  container: z.string(),
  state: z.enum(['waiting', 'live', 'reconnecting', 'ended', 'failed']),
  reason: z.exactOptional(z.string()),
});

const logSchema: z.ZodMiniType<LogView> = z.object({
  logId: z.string(),
  repositoryId: z.string(),
  environment: z.string(),
  workload: z.string(),
  namespace: z.string(),
  context: z.string(),
  data: z.exactOptional(z.string()),
  containers: z.array(z.string()),
  sources: z.array(sourceSchema),
  total: z.number(),
  first: z.number(),
  gaps: z.number(),
  bytes: z.number(),
  state: z.enum(['opening', 'live', 'reconnecting', 'ended', 'failed']),
  reason: z.exactOptional(z.string()),
});

const batchSchema: z.ZodMiniType<LogBatch> = z.object({
  from: z.number(),
  count: z.number(),
  text: z.string(),
  total: z.number(),
  first: z.number(),
});

/** How far a filtered view has got. */
const filteredSchema: z.ZodMiniType<LogFiltered> = z.object({
  filterId: z.string(),
  total: z.number(),
  first: z.number(),
  scanned: z.number(),
  problem: z.exactOptional(z.string()),
});

/** How much of a log is asked of the cluster. */
const rangeSchema = z.object({
  /** True: what the run before the last restart wrote. */
  previous: z.boolean(),
  sinceSeconds: z.exactOptional(z.int().check(z.positive())),
  tailLines: z.exactOptional(z.int().check(z.nonnegative())),
  /** Absent = every container. */
  containers: z.exactOptional(z.array(z.string())),
});

/** Which lines a file or a document gets, and what stands before each. */
const extractSchema = z.object({
  filterId: z.exactOptional(z.string()),
  timestamps: z.boolean(),
  sources: z.boolean(),
});

/** The numbers that questions and their answers share. */
const id = z.int();

const toPage = z.discriminatedUnion('type', [
  /** A log is open: at the start, when the page is shown again, and after it was opened anew. */
  z.object({
    type: z.literal('opened'),
    log: logSchema,
    range: rangeSchema,
    /** The settings of the editor, for what the page does not remember. */
    settings: z.object({ timestamps: z.boolean(), wrap: z.boolean() }),
    words: z.record(z.enum(logWordKeys), z.string()),
    /** The last entries, so that the first lines show at once. */
    last: z.exactOptional(batchSchema),
  }),
  z.object({
    type: z.literal('changed'),
    log: logSchema,
    filtered: z.exactOptional(filteredSchema),
  }),
  z.object({ type: z.literal('read'), id, batch: batchSchema }),
  z.object({ type: z.literal('filtered'), id, filtered: filteredSchema }),
  z.object({ type: z.literal('found'), id, place: z.exactOptional(z.number()) }),
  z.object({ type: z.literal('matched'), id, matches: z.array(z.array(matchSchema)) }),
  /** A question could not be answered. */
  z.object({ type: z.literal('refused'), id, code: z.string(), message: z.string() }),
  /** The log cannot be had, or not now; absent when it can again. */
  z.object({ type: z.literal('trouble'), message: z.exactOptional(z.string()) }),
  /** Something was done that the person asked for. */
  z.object({ type: z.literal('told'), message: z.string() }),
]);

const fromPage = z.discriminatedUnion('type', [
  /** The page can hear: at its start, also when it is shown again. */
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('read'),
    id,
    filterId: z.exactOptional(z.string()),
    /** Absent: where the answer to the read before ended. With it, reads that have no answer yet are void. */
    from: z.exactOptional(z.int().check(z.nonnegative())),
    limit: z.int().check(z.positive(), z.lte(20_000)),
    /** True: answer when there is something, or after a while with nothing. */
    wait: z.boolean(),
  }),
  /** One entry, beside the reads and without a word to them; it is answered as a read is. */
  z.object({
    type: z.literal('peek'),
    id,
    filterId: z.exactOptional(z.string()),
    from: z.int().check(z.nonnegative()),
  }),
  z.object({ type: z.literal('filter'), id, filter: filterSchema }),
  z.object({
    type: z.literal('find'),
    id,
    filterId: z.exactOptional(z.string()),
    pattern: patternSchema,
    from: z.int().check(z.nonnegative()),
    direction: z.enum(['forward', 'backward']),
  }),
  /** Where is the pattern in these rows? */
  z.object({
    type: z.literal('match'),
    id,
    pattern: patternSchema,
    texts: z.array(z.string().check(z.maxLength(16_384))).check(z.maxLength(1_000)),
  }),
  z.object({ type: z.literal('showLine'), sequence: z.int().check(z.nonnegative()) }),
  z.object({ type: z.literal('reopen'), range: rangeSchema }),
  z.object({ type: z.literal('copy'), text: z.string().check(z.maxLength(50_000_000)), lines: z.int() }),
  z.object({ type: z.literal('save'), extract: extractSchema }),
  z.object({ type: z.literal('openDocument'), extract: extractSchema }),
]);

/** What the page of a log and the extension say to each other. */
export const logProtocol = { toPage, fromPage };

/** A message to the page of a log. */
export type ToLogPage = z.output<typeof toPage>;

/** A message from the page of a log. */
export type FromLogPage = z.output<typeof fromPage>;

/** What a page asks of the window instead of the daemon. */
export type LogDeed = Extract<FromLogPage, { readonly type: 'showLine' | 'copy' | 'save' | 'openDocument' }>;

/** How much of a log is asked of the cluster. */
export type LogRange = z.output<typeof rangeSchema>;

/** Which lines a file or a document gets, and what stands before each. */
export type LogExtract = z.output<typeof extractSchema>;

/** A condition as the person types it; an empty text is none. */
const typedSchema = z.object({ text: z.string(), regex: z.boolean(), matchCase: z.boolean() });

/** The search as it stood. */
const keptFindSchema = z.object({
  open: z.boolean(),
  pattern: typedSchema,
  /** The number of the entry that was found last, where what is looked for is still the same. */
  found: z.exactOptional(z.number()),
});

const noFind: KeptFind = { open: false, pattern: { text: '', regex: false, matchCase: false } };

/** What a page keeps while it is hidden or its window is loaded anew: which log, and how it was looked at. */
export const keptLogSchema = z.object({
  logId: z.string(),
  repositoryId: z.string(),
  environment: z.string(),
  workload: z.string(),
  range: rangeSchema,
  timestamps: z.boolean(),
  wrap: z.boolean(),
  readable: z.boolean(),
  include: typedSchema,
  exclude: typedSchema,
  severity: z.enum(severities),
  /** Pods by uid and containers by name that are not shown: whoever joins later is. */
  hiddenPods: z.array(z.string()),
  hiddenContainers: z.array(z.string()),
  find: z._default(keptFindSchema, noFind),
  openBoxes: z._default(z.array(z.enum(['sources', 'view'])), []),
  following: z.boolean(),
  /** The number of the entry at the top of the view. */
  sequence: z.number(),
});

/** The search as it stood. */
export type KeptFind = z.output<typeof keptFindSchema>;

/** What a page keeps while it is hidden or its window is loaded anew. */
export type KeptLog = z.output<typeof keptLogSchema>;
