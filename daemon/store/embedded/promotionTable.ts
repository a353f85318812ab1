import * as z from 'zod';
import type { StartedPromotion } from '../../model/decideCheck.ts';
import type { JournalEntry } from '../../model/journalEntry.ts';
import { buildAllSteps, type Promotion, promotionStates } from '../../model/promotion.ts';
import type { PromotionEvent } from '../../model/promotionEvent.ts';
import type {
  KnownRevision,
  PromotionQueries,
  PromotionSummary,
  RevisionQuery,
  StartedQuery,
  SucceededPromotion,
  SucceededQuery,
} from '../promotions.ts';
import type { Database } from './database.ts';

/** The index of promotions and the Helm revisions they wrote; changes with each event, in its transaction. */
export class PromotionTable implements PromotionQueries {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Takes over what an event made of a promotion. */
  apply(entry: JournalEntry, promotion: Promotion, event: PromotionEvent): void {
    if (event.type === 'promotion.requested') {
      this.#insert(entry, promotion);
    } else {
      this.#database.run(
        'UPDATE promotions SET state = ?, endedAt = ?, lastSequence = ? WHERE promotionId = ?',
        promotion.state,
        promotion.endedAt ?? null,
        entry.sequence,
        promotion.id,
      );
    }
    if (event.type === 'step.completed') {
      this.#indexRevision(promotion, event);
    }
  }

  /** The number of a promotion's last event; `undefined` for an unknown promotion. */
  lastSequence(promotionId: string): number | undefined {
    const sql = 'SELECT lastSequence FROM promotions WHERE promotionId = ?';
    return this.#database.get(lastSequenceSchema, sql, promotionId)?.lastSequence;
  }

  /** The promotions of a repository, newest first. */
  ids(repositoryId: string, limit: number): readonly string[] {
    const sql =
      'SELECT promotionId FROM promotions WHERE repositoryId = ? ORDER BY requestedSequence DESC LIMIT ?';
    return this.#database.all(idSchema, sql, repositoryId, limit).map(row => row.promotionId);
  }

  /** The promotions that have started and not ended, oldest first. */
  runningIds(): readonly string[] {
    const sql = `SELECT promotionId FROM promotions WHERE state IN ('running', 'verifying', 'watching')
      ORDER BY requestedSequence`;
    return this.#database.all(idSchema, sql).map(row => row.promotionId);
  }

  lastSucceeded({
    repositoryId,
    environment,
    releaseDigest,
  }: SucceededQuery): SucceededPromotion | undefined {
    const sql = `SELECT promotionId, endedAt AS at, person FROM promotions
      WHERE repositoryId = ? AND environment = ? AND releaseDigest = ? AND state = 'succeeded'
      ORDER BY lastSequence DESC LIMIT 1`;
    return this.#database.get(succeededSchema, sql, repositoryId, environment, releaseDigest);
  }

  lastStarted({ repositoryId, environment, release }: StartedQuery): StartedPromotion | undefined {
    // A promotion is journalled when it starts: request and start are one transaction.
    const sql = `SELECT promotionId, person, requestedAt AS at, requestedSequence AS sequence FROM promotions
      WHERE repositoryId = ? AND environment = ? AND releaseVersion = ? AND kind <> 'rollback'
      ORDER BY requestedSequence DESC LIMIT 1`;
    return this.#database.get(startedSchema, sql, repositoryId, environment, release);
  }

  summaries(options: { readonly repositoryId: string; readonly limit: number }): readonly PromotionSummary[] {
    const sql = `SELECT promotionId, repositoryId, environment, kind, releaseVersion, releaseDigest, person,
      state, requestedAt, endedAt FROM promotions WHERE repositoryId = ? ORDER BY requestedSequence DESC LIMIT ?`;
    return this.#database
      .all(summarySchema, sql, options.repositoryId, options.limit)
      .map(({ endedAt, ...row }) => ({ ...row, ...(endedAt === null ? {} : { endedAt }) }));
  }

  knownRevisions({ clusterId, namespace, release }: RevisionQuery): readonly KnownRevision[] {
    const sql = `SELECT release, revision, promotionId, recordUid, endedAt AS until
      FROM revisions LEFT JOIN promotions USING (promotionId)
      WHERE clusterId = ? AND namespace = ? AND (? IS NULL OR release = ?) ORDER BY release, revision`;
    const only = release ?? null;
    return this.#database
      .all(revisionSchema, sql, clusterId, namespace, only, only)
      .map(({ until, recordUid, ...row }) => ({
        ...row,
        ...(recordUid === null ? {} : { recordUid }),
        ...(until === null ? {} : { until }),
      }));
  }

  #insert(entry: JournalEntry, promotion: Promotion): void {
    const { plan } = promotion;
    this.#database.run(
      'INSERT INTO promotions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      promotion.id,
      plan.repositoryId,
      plan.target.environment,
      plan.kind,
      plan.release.version,
      plan.release.digest,
      promotion.person,
      promotion.state,
      promotion.requestedAt,
      promotion.endedAt ?? null,
      entry.sequence,
      entry.sequence,
    );
  }

  /** Only a step that writes makes a revision ours; a look may have seen somebody else's. */
  #indexRevision(
    promotion: Promotion,
    { stepId, inspection }: Extract<PromotionEvent, { type: 'step.completed' }>,
  ): void {
    const kind = buildAllSteps(promotion).find(step => step.id === stepId)?.kind;
    const { facts, state } = inspection;
    const { target } = promotion.plan;
    const release = facts['release'];
    const place = [facts['clusterId'] ?? target.clusterId, facts['namespace'] ?? target.namespace] as const;
    if (release === undefined || state === 'unknown') {
      return;
    }
    if (kind === 'helmUninstall' && state === 'done') {
      // The next installation counts from 1 again.
      const sql = 'DELETE FROM revisions WHERE clusterId = ? AND namespace = ? AND release = ?';
      this.#database.run(sql, ...place, release);
    }
    const revision = Number(facts['revision']);
    if (
      (kind === 'helmUpgrade' || kind === 'helmRollback') &&
      Number.isSafeInteger(revision) &&
      revision > 0
    ) {
      const sql = 'INSERT OR REPLACE INTO revisions VALUES (?, ?, ?, ?, ?, ?)';
      this.#database.run(sql, ...place, release, revision, promotion.id, facts['recordUid'] ?? null);
    }
  }
}

// zod compiles a schema at its first use: one that is built at each call costs more than its query.
const idSchema = z.object({ promotionId: z.string() });

const lastSequenceSchema = z.object({ lastSequence: z.number() });

const succeededSchema = z.object({ promotionId: z.string(), at: z.string(), person: z.string() });

const startedSchema = z.object({
  promotionId: z.string(),
  person: z.string(),
  at: z.string(),
  sequence: z.number(),
});

const revisionSchema = z.object({
  release: z.string(),
  revision: z.number(),
  promotionId: z.string(),
  recordUid: z.nullable(z.string()),
  until: z.nullable(z.string()),
});

const summarySchema = z.object({
  promotionId: z.string(),
  repositoryId: z.string(),
  environment: z.string(),
  kind: z.enum(['regular', 'emergency', 'rollback']),
  releaseVersion: z.string(),
  releaseDigest: z.string(),
  person: z.string(),
  state: z.enum(promotionStates),
  requestedAt: z.string(),
  endedAt: z.nullable(z.string()),
});
