import { BoundedMap } from '../../model/boundedMap.ts';
import { describeJournalEntry, type JournalEntry } from '../../model/journalEntry.ts';
import { type Promotion, reducePromotion } from '../../model/promotion.ts';
import { SlipwayError } from '../../protocol/errors.ts';
import { parsePromotionEvent } from '../eventSchemas.ts';
import type { Database } from './database.ts';
import { readEvents } from './eventTable.ts';
import type { Projection } from './ledger.ts';
import type { PromotionTable } from './promotionTable.ts';

/** So many folded promotions are kept in memory; the others are folded again when somebody asks. */
const keptPromotions = 64;

type Folded = { readonly promotion: Promotion; readonly lastSequence: number };

/** Promotions folded from their events, brought forward with each event that is appended. */
export class PromotionFold implements Projection {
  readonly #database: Database;
  readonly #table: PromotionTable;
  readonly #kept = new BoundedMap<string, Folded>(keptPromotions);
  /** What the transaction that is open made of promotions. */
  readonly #pending = new Map<string, Folded>();

  constructor(database: Database, table: PromotionTable) {
    this.#database = database;
    this.#table = table;
  }

  /** `undefined` for an unknown promotion; throws SlipwayError `storeFailed` when an event cannot be read. */
  find(promotionId: string): Promotion | undefined {
    const pending = this.#pending.get(promotionId);
    if (pending) {
      return pending.promotion;
    }
    const lastSequence = this.#table.lastSequence(promotionId);
    if (lastSequence === undefined) {
      return undefined;
    }
    const kept = this.#kept.get(promotionId);
    if (kept?.lastSequence === lastSequence) {
      return kept.promotion;
    }
    const promotion = this.#fold(promotionId);
    if (promotion) {
      this.#kept.set(promotionId, { promotion, lastSequence });
    }
    return promotion;
  }

  apply(entry: JournalEntry): void {
    const { promotionId } = entry;
    const event = parsePromotionEvent(entry);
    if (promotionId === undefined || !event) {
      return;
    }
    const { time, sequence } = entry;
    const promotion = reducePromotion(this.find(promotionId), { promotionId, time, event });
    this.#pending.set(promotionId, { promotion, lastSequence: sequence });
    this.#table.apply(entry, promotion, event);
  }

  keep(): void {
    for (const [promotionId, folded] of this.#pending) {
      this.#kept.set(promotionId, folded);
    }
    this.#pending.clear();
  }

  forget(): void {
    this.#pending.clear();
  }

  #fold(promotionId: string): Promotion | undefined {
    let promotion: Promotion | undefined;
    const events = readEvents(this.#database, { since: 0, limit: Number.MAX_SAFE_INTEGER, promotionId });
    for (const entry of events) {
      try {
        const event = parsePromotionEvent({ ...entry, payload: entry.payload ?? null });
        if (event) {
          promotion = reducePromotion(promotion, { promotionId, time: entry.time, event });
        }
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new SlipwayError(
          'storeFailed',
          `Promotion ${promotionId} cannot be read: ${describeJournalEntry(entry)}: ${why}.`,
          {
            next: 'Run "Slipway: Verify Journal": it names what was changed in the journal.',
            details: { path: this.#database.path, promotionId },
            cause: error,
          },
        );
      }
    }
    return promotion;
  }
}
