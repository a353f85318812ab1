import type { Digest } from '../model/digest.ts';
import type { Gate } from '../model/gate.ts';
import type { LockHolder } from '../model/gates/gateInput.ts';
import type { Promotion } from '../model/promotion.ts';
import type { PromotionEvent } from '../model/promotionEvent.ts';
import type { Journal } from './journal.ts';
import type { PromotionQueries, Promotions } from './promotions.ts';
import type { Records } from './records.ts';
import type { TickQueries, Ticks } from './ticks.ts';

/** What the daemon remembers: one interface, whatever its home. */
export type Store = {
  /** What makes people obey the gates of this store. */
  readonly enforcement: string;
  readonly journal: Journal;
  readonly promotions: Promotions;
  readonly locks: Locks;
  readonly blobs: Blobs;
  readonly records: Records;
  readonly ticks: Ticks;
  /** Where it is, how large, and how far its journal goes. */
  describe(): StoreFacts;
  /** Sentences about the store that people should know: a network home, an anchor that was not written. */
  notices(): readonly string[];
  /**
   * Decides the gates, takes the lock and journals the start in one transaction, or does nothing of it. A lock that an
   * ended promotion kept is given back by the start, as `lock.released`.
   */
  startPromotion(start: PromotionStart): Promise<StartResult>;
  /** Journals the end and gives back the lock in one transaction. */
  endPromotion(end: {
    readonly promotionId: string;
    readonly event: PromotionEnded;
    /** True when nobody knows what was left: the next promotion must not start over it. */
    readonly keepLock?: boolean;
  }): Promotion;
  /** Deletes what is older than retention allows. */
  prune(retention: Retention): PruneResult;
  /** Writes a last anchor and closes. */
  dispose(): void;
};

/** What people can be told about a store. */
export type StoreFacts = {
  readonly path: string;
  /** With what is written ahead of it. */
  readonly bytes: number;
  readonly schemaVersion: number;
  /** The number of the journal's last event; 0 before the first. */
  readonly head: number;
  /** The last copy of the journal's head outside of it. */
  readonly anchor?: { readonly sequence: number; readonly time: string };
};

/** The end of a promotion. */
export type PromotionEnded = Extract<PromotionEvent, { type: 'promotion.ended' }>;

/** What a lock is for: one promotion at a time in a namespace of a cluster. */
export type LockKey = { readonly clusterId: string; readonly namespace: string };

/** Who promotes where. */
export type Locks = {
  get(key: LockKey): LockHolder | undefined;
  /**
   * A person gives back the lock that an ended promotion kept; writes `lock.released`.
   * Throws SlipwayError `locked` while the promotion runs; does nothing when it holds none.
   */
  release(promotionId: string, by: { readonly person: string; readonly reason: string }): void;
};

/** A start that waits for its gates. */
export type PromotionStart = {
  readonly promotionId: string;
  readonly person: string;
  readonly lockKey: LockKey;
  /** Decides every gate from what the store says inside the transaction; called once, and must not wait. */
  decide(view: StartView): readonly Gate[];
  /** The events of the request and the start, with the gates that were just decided; called when they pass. */
  buildEvents(gates: readonly Gate[]): readonly PromotionEvent[];
};

/** What the store says at the instant of starting. */
export type StartView = {
  /** ISO time in UTC. */
  readonly time: string;
  /** Who holds the lock of `lockKey`. */
  readonly lock?: LockHolder;
  readonly promotions: PromotionQueries;
  readonly ticks: TickQueries;
};

/** Whether a promotion started; where it did not, a gate holds or somebody else has the lock. */
export type StartResult =
  | { readonly started: true; readonly gates: readonly Gate[]; readonly promotion: Promotion }
  | { readonly started: false; readonly gates: readonly Gate[]; readonly lock?: LockHolder };

/** Texts by their digest, such as redacted outputs of tools. */
export type Blobs = {
  /** Keeps a text; what passes 4 Mi characters is cut in its middle, and says so. */
  put(text: string): Digest;
  /** `undefined` when retention deleted it. */
  get(digest: Digest): string | undefined;
};

/** How long things are kept. */
export type Retention = {
  readonly journalDays: number;
  readonly outputDays: number;
  readonly now: Date;
};

/** How much was deleted. */
export type PruneResult = { readonly events: number; readonly outputs: number };
