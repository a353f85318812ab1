import * as z from 'zod';
import { severities } from '../model/logSeverity.ts';
import { notification, request } from './define.ts';

/**
 * A condition on a line's text, escape sequences taken out of it. A regular expression sees the first 16,384 characters
 * of a line, and is refused (`invalidPattern`) when it needs too long for one.
 */
const patternSchema = z.object({
  text: z.string(),
  /** True for a JavaScript regular expression; otherwise the text itself is looked for. */
  regex: z.boolean(),
  matchCase: z.boolean(),
  /** True: a line of JSON fits by its readable form, too (`readableJson.ts`), as a page may show it. */
  readable: z.exactOptional(z.boolean()),
});

/** Where a pattern is in a text: from a character on, up to another. */
const matchSchema = z.object({ from: z.number(), to: z.number() });

/** How bad a line says it is; `none` where it says nothing. */
const logSeverities = severities;

/** How far a filtered view has got: it looks through what there was before, then at every new line. */
const filteredSchema = z.object({
  filterId: z.string(),
  /** How many entries it has found. */
  total: z.number(),
  /** The first of them that can still be read. */
  first: z.number(),
  /** How many entries of the log it has looked at: all of them when this is the log's `total`. */
  scanned: z.number(),
  /** Why it has stopped to look, as one sentence. */
  problem: z.exactOptional(z.string()),
});

/** Which lines of a log are shown; every condition must hold. Gaps and notices always pass. */
const filterSchema = z.object({
  include: z.exactOptional(patternSchema),
  exclude: z.exactOptional(patternSchema),
  /** Ids of sources; absent = all. */
  sources: z.exactOptional(z.array(z.number())),
  /** Lines at least this bad; lines that say nothing pass only without it. */
  severity: z.exactOptional(z.enum(logSeverities)),
});

/** One container of one pod, in one of its runs or all of them: where lines come from. */
const sourceSchema = z.object({
  /** A small number; lines name it. */
  id: z.number(),
  pod: z.string(),
  podUid: z.string(),
  container: z.string(),
  /** `live` is followed; `waiting` has not begun; `ended` gives nothing more; `failed` says why in `reason`. */
  state: z.enum(['waiting', 'live', 'reconnecting', 'ended', 'failed']),
  reason: z.exactOptional(z.string()),
});

/** A log as it stands: how much there is of it and where it comes from. */
export const logSchema = z.object({
  logId: z.string(),
  repositoryId: z.string(),
  environment: z.string(),
  /** `deployment/agent-name` or `pod/agent-name-5c6f-x2k`. */
  workload: z.string(),
  namespace: z.string(),
  context: z.string(),
  /** What data the environment holds, as slipway.yaml says: saving `live` lines deserves a warning. */
  data: z.exactOptional(z.string()),
  /** The names of the workload's containers, for the choice among them. */
  containers: z.array(z.string()),
  sources: z.array(sourceSchema),
  /** How many entries there are: lines, gaps and notices. */
  total: z.number(),
  /** The first entry that can still be read; more than 0 when the oldest made way for newer ones. */
  first: z.number(),
  /** Entries that are gaps. */
  gaps: z.number(),
  bytes: z.number(),
  state: z.enum(['opening', 'live', 'reconnecting', 'ended', 'failed']),
  reason: z.exactOptional(z.string()),
});

/**
 * Consecutive entries of a log, or of a filtered view of it. `text` holds `count` entries with a line feed between two, so that a batch
 * costs the schemas nothing. An entry is `KIND SEVERITY SEQUENCE SOURCE LENGTH TIME TEXT`, one space between:
 * KIND is `L` line, `T` line cut short (`log.readLine` gives the whole), `G` gap (TEXT says what is missing and why),
 * `N` notice (a pod joined, a container restarted); SEVERITY is a place in `logSeverities`; SEQUENCE is the entry's
 * number in the log; SOURCE an id, -1 for none; LENGTH the characters of the whole text; TIME an RFC 3339 time with nanoseconds.
 */
const batchSchema = z.object({
  /** The place of the first entry in what was asked for: the log, or the filtered view. */
  from: z.number(),
  count: z.number(),
  text: z.string(),
  /** How many entries there are now in what was asked for. */
  total: z.number(),
  /** The first that can still be read. */
  first: z.number(),
});

/** Requests about the logs of workloads. */
export const logRequests = {
  /**
   * Opens the log of a workload or a pod and follows it: all pods merged, new and replaced ones join.
   * It lives while a session has it open, and for a minute after the last one has gone.
   */
  'log.open': request(
    z.object({
      repositoryId: z.string(),
      environment: z.string(),
      workload: z.string(),
      /** Absent = every container. */
      containers: z.exactOptional(z.array(z.string())),
      /** True: what the run before the last restart wrote, and nothing is followed. */
      previous: z.boolean(),
      /** Only lines of the last so many seconds. */
      sinceSeconds: z.exactOptional(z.number().int().positive()),
      /** Only the last so many lines of each container. */
      tailLines: z.exactOptional(z.number().int().min(0)),
    }),
    logSchema,
  ),
  /** Takes part in a log that an earlier session of this window opened. Fails with `logGone` when it is over. */
  'log.attach': request(z.object({ logId: z.string() }), logSchema),
  /** This session needs the log no more. */
  'log.close': request(z.object({ logId: z.string() }), z.object({})),
  /** Reads entries; fewer than asked for at the end, or when a batch would pass its size. */
  'log.read': request(
    z.object({
      logId: z.string(),
      filterId: z.exactOptional(z.string()),
      from: z.number().int().min(0),
      limit: z.number().int().min(1).max(20_000),
    }),
    batchSchema,
  ),
  /** Reads one line whole; of one over four megabytes, what is kept of it. */
  'log.readLine': request(
    z.object({ logId: z.string(), sequence: z.number().int().min(0) }),
    z.object({ text: z.string() }),
  ),
  /**
   * Makes a filtered view, which new lines join; answers after a moment, also before everything is looked through. At
   * most one per session and log: the one before it ends (`filterGone`).
   */
  'log.filter': request(z.object({ logId: z.string(), filter: filterSchema }), filteredSchema),
  /** Looks for a pattern from a place on, and says at which place of the log or filtered view it is. */
  'log.find': request(
    z.object({
      logId: z.string(),
      filterId: z.exactOptional(z.string()),
      pattern: patternSchema,
      from: z.number().int().min(0),
      direction: z.enum(['forward', 'backward']),
    }),
    z.object({ place: z.exactOptional(z.number()) }),
  ),
  /**
   * Says where a pattern is in each of some texts, as a page shows them: the first thousand matches of each. Fails with
   * `invalidPattern` when it needs too long for one.
   */
  'log.match': request(
    z.object({ pattern: patternSchema, texts: z.array(z.string().max(16_384)).max(1_000) }),
    z.object({ matches: z.array(z.array(matchSchema)) }),
  ),
  /** Writes the log, or a filtered view, to a file of this machine (0600); entries that are gone are said in it. */
  'log.save': request(
    z.object({
      logId: z.string(),
      filterId: z.exactOptional(z.string()),
      path: z.string(),
      timestamps: z.boolean(),
      sources: z.boolean(),
    }),
    z.object({ lines: z.number(), bytes: z.number() }),
  ),
};

/** Notifications about logs, to the sessions that have them open. */
export const logNotifications = {
  /** There is more, or something changed; several times a second at most. `filtered`: the entries of this session's filtered view. */
  'log.changed': notification(
    z.object({
      log: logSchema,
      filtered: z.exactOptional(filteredSchema),
    }),
  ),
};

/** A log as it stands. */
export type LogView = z.infer<typeof logSchema>;

/** Where lines come from. */
export type LogSource = z.infer<typeof sourceSchema>;

/** Which lines are shown. */
export type LogFilter = z.infer<typeof filterSchema>;

/** How far a filtered view has got. */
export type LogFiltered = z.infer<typeof filteredSchema>;

/** A condition on a line's text. */
export type LogPattern = z.infer<typeof patternSchema>;

/** Where a pattern is in a text. */
export type LogMatch = z.infer<typeof matchSchema>;

/** Consecutive entries, as they travel. */
export type LogBatch = z.infer<typeof batchSchema>;
