import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JournalInput } from '../../../daemon/model/journalEntry.ts';
import type { Plan } from '../../../daemon/model/plan.ts';
import {
  type EmbeddedStoreOptions,
  openEmbeddedStore,
} from '../../../daemon/store/embedded/openEmbeddedStore.ts';
import { buildRecordInput } from '../../../daemon/store/eventSchemas.ts';
import type { PromotionStart, Store } from '../../../daemon/store/store.ts';
import { aPlan } from '../../builders/plan.ts';

/** A state folder of its own with its store, and a clock that a test sets. */
export class TemporaryStore {
  readonly folder = mkdtempSync(join(tmpdir(), 'slipway-store-'));
  readonly path = join(this.folder, 'store.db');
  now = new Date('2026-01-01T00:00:00.000Z');
  readonly #open: Store[] = [];

  /** Opens the store, once more when it is open: as another process would. */
  open(options: Partial<EmbeddedStoreOptions> = {}): Store {
    const store = openEmbeddedStore({ folder: this.folder, clock: () => this.now, ...options });
    this.#open.push(store);
    return store;
  }

  /** Changes the file behind the store's back. */
  tamper(sql: string): void {
    const database = new DatabaseSync(this.path, { timeout: 5000 });
    database.exec(sql);
    database.close();
  }

  dispose(): void {
    for (const store of this.#open) {
      store.dispose();
    }
    rmSync(this.folder, { recursive: true });
  }
}

/** An event that stands for any. */
export function anEvent(repositoryId = 'repository'): JournalInput {
  return buildRecordInput('environment.disconnected', {
    repositoryId,
    environment: 'staging',
    person: 'alice',
  });
}

/** A start that nothing holds back. */
export function aStart(promotionId: string, values: Partial<Plan> = {}): PromotionStart {
  const plan = aPlan({ id: promotionId, ...values });
  const { clusterId, namespace } = plan.target;
  return {
    promotionId,
    person: 'alice',
    lockKey: { clusterId, namespace },
    decide: () => [],
    buildEvents: gates => [
      { type: 'promotion.requested', plan, person: 'alice' },
      { type: 'promotion.started', gates, host: 'laptop' },
    ],
  };
}
