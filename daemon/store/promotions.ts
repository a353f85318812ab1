import type { StartedPromotion } from '../model/decideCheck.ts';
import type { Digest } from '../model/digest.ts';
import type { PromotionKind } from '../model/plan.ts';
import type { Promotion, PromotionState } from '../model/promotion.ts';
import type { PromotionEvent } from '../model/promotionEvent.ts';

/** What the gates and the views ask about promotions. */
export type PromotionQueries = {
  /** Our own last succeeded promotion of exactly this release to an environment. */
  lastSucceeded(query: SucceededQuery): SucceededPromotion | undefined;
  /** The last promotion of a version to an environment that was started and was no rollback. */
  lastStarted(query: StartedQuery): StartedPromotion | undefined;
  /** Promotions without their plans and steps, newest first. */
  summaries(options: { readonly repositoryId: string; readonly limit: number }): readonly PromotionSummary[];
  /** Helm revisions that our promotions wrote: what is not among them came from outside Slipway. */
  knownRevisions(options: RevisionQuery): readonly KnownRevision[];
};

/** The promotions, folded from their events. */
export type Promotions = PromotionQueries & {
  /** Throws SlipwayError `unknownPromotion`, or `storeFailed` when an event of it cannot be read. */
  load(promotionId: string): Promotion;
  /** Newest first; one that cannot be read is left out and named in the store's notices. */
  list(options: { readonly repositoryId: string; readonly limit: number }): readonly Promotion[];
  /** Those that have started and not ended, oldest first. */
  running(): readonly Promotion[];
  /** Appends a fact; throws an Error when it cannot follow. The end goes through `Store.endPromotion`. */
  append(promotionId: string, event: Exclude<PromotionEvent, { type: 'promotion.ended' }>): Promotion;
};

/** Which promotion that succeeded is asked for. */
export type SucceededQuery = {
  readonly repositoryId: string;
  readonly environment: string;
  readonly releaseDigest: Digest;
};

/** Which promotion that started is asked for. */
export type StartedQuery = {
  readonly repositoryId: string;
  readonly environment: string;
  /** A version. */
  readonly release: string;
};

/** A promotion that succeeded. */
export type SucceededPromotion = {
  readonly promotionId: string;
  /** When it ended, as an ISO time in UTC. */
  readonly at: string;
  readonly person: string;
};

/** A promotion as the index keeps it. */
export type PromotionSummary = {
  readonly promotionId: string;
  readonly repositoryId: string;
  readonly environment: string;
  readonly kind: PromotionKind;
  readonly releaseVersion: string;
  readonly releaseDigest: string;
  readonly person: string;
  readonly state: PromotionState;
  readonly requestedAt: string;
  readonly endedAt?: string;
};

/** Where revisions are asked for; without `release`, of every release of the namespace. */
export type RevisionQuery = {
  readonly clusterId: string;
  readonly namespace: string;
  readonly release?: string;
};

/** A Helm revision that one of our promotions wrote. */
export type KnownRevision = {
  readonly release: string;
  readonly revision: number;
  readonly promotionId: string;
  /** The uid of Helm's record; absent where an older version of Slipway wrote the event. */
  readonly recordUid?: string;
  /** When that promotion ended, as an ISO time in UTC; absent while it runs. */
  readonly until?: string;
};
