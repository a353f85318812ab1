import type { StartedPromotion } from '../../model/decideCheck.ts';
import type { Promotion } from '../../model/promotion.ts';
import type { PromotionEvent } from '../../model/promotionEvent.ts';
import { SlipwayError } from '../../protocol/errors.ts';
import { buildPromotionInput } from '../eventSchemas.ts';
import type {
  KnownRevision,
  PromotionSummary,
  Promotions,
  RevisionQuery,
  StartedQuery,
  SucceededPromotion,
  SucceededQuery,
} from '../promotions.ts';
import type { Ledger } from './ledger.ts';
import type { PromotionFold } from './promotionFold.ts';
import type { PromotionTable } from './promotionTable.ts';

/** The promotions in the embedded store. */
export class EmbeddedPromotions implements Promotions {
  readonly #ledger: Ledger;
  readonly #fold: PromotionFold;
  readonly #table: PromotionTable;
  readonly #notice: (sentence: string) => void;

  constructor(options: {
    readonly ledger: Ledger;
    readonly fold: PromotionFold;
    readonly table: PromotionTable;
    readonly notice: (sentence: string) => void;
  }) {
    this.#ledger = options.ledger;
    this.#fold = options.fold;
    this.#table = options.table;
    this.#notice = options.notice;
  }

  load(promotionId: string): Promotion {
    const promotion = this.#fold.find(promotionId);
    if (!promotion) {
      throw new SlipwayError('unknownPromotion', `The journal knows no promotion ${promotionId}.`, {
        details: { promotionId },
      });
    }
    return promotion;
  }

  list({
    repositoryId,
    limit,
  }: {
    readonly repositoryId: string;
    readonly limit: number;
  }): readonly Promotion[] {
    return this.#table.ids(repositoryId, limit).flatMap(id => this.#readable(id));
  }

  running(): readonly Promotion[] {
    return this.#table.runningIds().flatMap(id => this.#readable(id));
  }

  append(promotionId: string, event: Exclude<PromotionEvent, { type: 'promotion.ended' }>): Promotion {
    this.#ledger.write(append => append(buildPromotionInput(promotionId, event)));
    return this.load(promotionId);
  }

  lastStarted(query: StartedQuery): StartedPromotion | undefined {
    return this.#table.lastStarted(query);
  }

  lastSucceeded(query: SucceededQuery): SucceededPromotion | undefined {
    return this.#table.lastSucceeded(query);
  }

  summaries(options: { readonly repositoryId: string; readonly limit: number }): readonly PromotionSummary[] {
    return this.#table.summaries(options);
  }

  knownRevisions(query: RevisionQuery): readonly KnownRevision[] {
    return this.#table.knownRevisions(query);
  }

  #readable(promotionId: string): readonly Promotion[] {
    try {
      return [this.load(promotionId)];
    } catch (error) {
      if (error instanceof SlipwayError) {
        this.#notice(error.message);
        return [];
      }
      throw error;
    }
  }
}
