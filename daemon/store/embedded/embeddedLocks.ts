import * as z from 'zod';
import type { LockHolder } from '../../model/gates/gateInput.ts';
import { promotionHasEnded } from '../../model/promotion.ts';
import { SlipwayError } from '../../protocol/errors.ts';
import { buildRecordInput } from '../eventSchemas.ts';
import type { LockKey, Locks } from '../store.ts';
import type { Database } from './database.ts';
import type { Ledger } from './ledger.ts';
import type { PromotionFold } from './promotionFold.ts';

/** The locks in the embedded store; rows change only inside the ledger's transactions. */
export class EmbeddedLocks implements Locks {
  readonly #database: Database;
  readonly #ledger: Ledger;
  readonly #fold: PromotionFold;

  constructor(database: Database, ledger: Ledger, fold: PromotionFold) {
    this.#database = database;
    this.#ledger = ledger;
    this.#fold = fold;
  }

  get({ clusterId, namespace }: LockKey): LockHolder | undefined {
    // A promotion that has ended holds its lock only when it needs a person.
    const sql = `SELECT promotionId, person, releaseVersion AS release, since, endedAt AS needsPersonSince
      FROM locks JOIN promotions USING (promotionId) WHERE clusterId = ? AND namespace = ?`;
    const row = this.#database.get(holderSchema, sql, clusterId, namespace);
    if (!row) {
      return undefined;
    }
    const { needsPersonSince, ...holder } = row;
    return { ...holder, ...(needsPersonSince === null ? {} : { needsPersonSince }) };
  }

  /** Takes a free lock, inside a transaction that also journals the promotion. */
  take({ clusterId, namespace }: LockKey, promotionId: string): void {
    const sql = 'INSERT INTO locks VALUES (?, ?, ?, ?)';
    this.#database.run(sql, clusterId, namespace, promotionId, this.#ledger.now());
  }

  /** Gives back a promotion's lock, inside a transaction that also journals why. */
  giveBack(promotionId: string): void {
    this.#database.run('DELETE FROM locks WHERE promotionId = ?', promotionId);
  }

  release(promotionId: string, by: { readonly person: string; readonly reason: string }): void {
    this.#ledger.write(append => {
      const key = this.#database.get(
        keySchema,
        'SELECT clusterId, namespace FROM locks WHERE promotionId = ?',
        promotionId,
      );
      if (!key) {
        return;
      }
      const promotion = this.#fold.find(promotionId);
      if (promotion && !promotionHasEnded(promotion)) {
        throw new SlipwayError(
          'locked',
          `Promotion ${promotionId} is ${promotion.state}: it gives back its lock when it ends.`,
          { details: { promotionId } },
        );
      }
      this.giveBack(promotionId);
      const { person, reason } = by;
      append({ ...buildRecordInput('lock.released', { ...key, person, reason }), promotionId });
    });
  }
}

const holderSchema = z.object({
  promotionId: z.string(),
  person: z.string(),
  release: z.string(),
  since: z.string(),
  needsPersonSince: z.nullable(z.string()),
});

const keySchema = z.object({ clusterId: z.string(), namespace: z.string() });
