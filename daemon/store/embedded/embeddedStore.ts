import { statSync } from 'node:fs';
import { allGatesPass, type Gate } from '../../model/gate.ts';
import type { Promotion } from '../../model/promotion.ts';
import { buildPromotionInput, buildRecordInput } from '../eventSchemas.ts';
import type { Journal } from '../journal.ts';
import type { Promotions } from '../promotions.ts';
import type { Records } from '../records.ts';
import type {
  PromotionEnded,
  PromotionStart,
  PruneResult,
  Retention,
  StartResult,
  Store,
  StoreFacts,
} from '../store.ts';
import type { AnchorFile } from './anchorFile.ts';
import type { Database } from './database.ts';
import { EmbeddedBlobs } from './embeddedBlobs.ts';
import { EmbeddedJournal } from './embeddedJournal.ts';
import { EmbeddedLocks } from './embeddedLocks.ts';
import { EmbeddedPromotions } from './embeddedPromotions.ts';
import { buildEmbeddedRecords } from './embeddedRecords.ts';
import { EmbeddedTicks } from './embeddedTicks.ts';
import { Ledger } from './ledger.ts';
import { readVersion } from './migrateStore.ts';
import { PromotionFold } from './promotionFold.ts';
import { PromotionTable } from './promotionTable.ts';
import { pruneJournal } from './pruneJournal.ts';
import { TickTable } from './tickTable.ts';

/** So many notices are kept, the newest. */
const keptNotices = 20;

/** The store on this machine: one SQLite file, and anchors beside it. */
export class EmbeddedStore implements Store {
  readonly enforcement = 'advice: kept on this machine';
  readonly journal: Journal;
  readonly promotions: Promotions;
  readonly locks: EmbeddedLocks;
  readonly blobs: EmbeddedBlobs;
  readonly records: Records;
  readonly ticks: EmbeddedTicks;
  readonly #database: Database;
  readonly #anchors: AnchorFile;
  readonly #ledger: Ledger;
  readonly #fold: PromotionFold;
  readonly #table: PromotionTable;
  readonly #notices: Set<string>;

  constructor(options: {
    readonly database: Database;
    readonly anchors: AnchorFile;
    readonly clock: () => Date;
    readonly notices: readonly string[];
  }) {
    const { database, anchors, clock } = options;
    const notice = (sentence: string): void => {
      this.#notices.add(sentence);
      const [oldest] = this.#notices;
      if (this.#notices.size > keptNotices && oldest !== undefined) {
        this.#notices.delete(oldest);
      }
    };
    this.#notices = new Set(options.notices);
    this.#database = database;
    this.#anchors = anchors;
    this.#table = new PromotionTable(database);
    this.#fold = new PromotionFold(database, this.#table);
    const ticks = new TickTable(database);
    this.#ledger = new Ledger({ database, anchors, projections: [this.#fold, ticks], clock, notice });
    this.journal = new EmbeddedJournal(database, this.#ledger, anchors);
    this.promotions = new EmbeddedPromotions({
      ledger: this.#ledger,
      fold: this.#fold,
      table: this.#table,
      notice,
    });
    this.locks = new EmbeddedLocks(database, this.#ledger, this.#fold);
    this.blobs = new EmbeddedBlobs(database, clock);
    this.records = buildEmbeddedRecords(database, this.#ledger);
    this.ticks = new EmbeddedTicks(this.#ledger, ticks);
  }

  describe(): StoreFacts {
    const { path } = this.#database;
    const [anchor] = this.#anchors.read().anchors.slice(-1);
    return {
      path,
      bytes: readSize(path) + readSize(`${path}-wal`),
      schemaVersion: readVersion(this.#database),
      head: this.journal.head().sequence,
      ...(anchor ? { anchor: { sequence: anchor.sequence, time: anchor.time } } : {}),
    };
  }

  notices(): readonly string[] {
    return [...this.#notices];
  }

  async startPromotion(start: PromotionStart): Promise<StartResult> {
    return this.#ledger.write(append => {
      const lock = this.locks.get(start.lockKey);
      const held = lock ? { lock } : {};
      const gates: readonly Gate[] = start.decide({
        time: this.#ledger.now(),
        promotions: this.#table,
        ticks: this.ticks,
        ...held,
      });
      const kept = lock?.needsPersonSince === undefined ? undefined : lock;
      if ((lock && !kept) || !allGatesPass(gates)) {
        return { started: false, gates, ...held };
      }
      if (kept) {
        this.locks.giveBack(kept.promotionId);
        const reason = `${start.promotionId} takes it over.`;
        const record = { ...start.lockKey, person: start.person, reason };
        append({ ...buildRecordInput('lock.released', record), promotionId: kept.promotionId });
      }
      for (const event of start.buildEvents(gates)) {
        append(buildPromotionInput(start.promotionId, event));
      }
      this.locks.take(start.lockKey, start.promotionId);
      return { started: true, gates, promotion: this.promotions.load(start.promotionId) };
    });
  }

  endPromotion(end: {
    readonly promotionId: string;
    readonly event: PromotionEnded;
    readonly keepLock?: boolean;
  }): Promotion {
    this.#ledger.write(append => {
      append(buildPromotionInput(end.promotionId, end.event));
      if (end.keepLock !== true) {
        this.locks.giveBack(end.promotionId);
      }
    });
    return this.promotions.load(end.promotionId);
  }

  prune({ journalDays, outputDays, now }: Retention): PruneResult {
    const outputs = this.blobs.deleteBefore(buildTimeBefore(now, outputDays));
    const events = pruneJournal(buildTimeBefore(now, journalDays), {
      database: this.#database,
      ledger: this.#ledger,
      anchors: this.#anchors,
    });
    return { events, outputs };
  }

  dispose(): void {
    this.#ledger.anchor('closed');
    this.#database.dispose();
  }
}

function readSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function buildTimeBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * 24 * 60 * 60 * 1000).toISOString();
}
