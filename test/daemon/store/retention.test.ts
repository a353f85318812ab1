import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { blobLimit } from '../../../daemon/store/embedded/embeddedBlobs.ts';
import type { Store } from '../../../daemon/store/store.ts';
import { aPlan } from '../../builders/plan.ts';
import { anEvent, aStart, TemporaryStore } from './temporaryStore.ts';

const ended = { type: 'promotion.ended', outcome: 'succeeded', reason: 'It runs.' } as const;

describe('what the store keeps, and how long', () => {
  let home: TemporaryStore;
  let store: Store;
  beforeEach(() => {
    home = new TemporaryStore();
    store = home.open();
  });
  afterEach(() => home.dispose());

  const later = (days: number) => {
    home.now = new Date(Date.UTC(2026, 0, 1 + days));
  };
  const prune = () => store.prune({ journalDays: 400, outputDays: 30, now: home.now });

  async function promote(promotionId: string, namespace = 'kosmos-staging'): Promise<void> {
    const target = { ...aPlan().target, namespace };
    await store.startPromotion(aStart(promotionId, { target }));
    store.endPromotion({ promotionId, event: ended });
  }

  it('gives back every text under its digest', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const digest = store.blobs.put(text);
        assert.equal(store.blobs.get(digest), text.toWellFormed());
        assert.equal(store.blobs.put(text), digest);
      }),
      { numRuns: 30 },
    ));

  it('cuts the middle out of a text that is too long, and says so', () => {
    const digest = store.blobs.put(`beginning${'x'.repeat(blobLimit)}end`);
    const kept = store.blobs.get(digest) ?? '';
    assert.ok(kept.startsWith('beginning'));
    assert.ok(kept.endsWith('end'));
    assert.match(kept, /\[12 characters were left out here\]/);
  });

  it('deletes outputs after thirty days, counted from when they were last put', () => {
    const old = store.blobs.put('old');
    const again = store.blobs.put('again');
    later(20);
    store.blobs.put('again');
    later(31);
    assert.deepEqual(prune(), { events: 0, outputs: 1 });
    assert.equal(store.blobs.get(old), undefined);
    assert.equal(store.blobs.get(again), 'again');
  });

  it('deletes events after four hundred days and leaves a chain that proves itself', async () => {
    await promote('p-1');
    store.journal.append(anEvent());
    later(300);
    await promote('p-2');
    later(401);
    assert.equal(prune().events, 4);
    const { events } = store.journal.read({ since: 0, limit: 99 });
    assert.deepEqual(
      events.map(({ sequence, type }) => [sequence, type]),
      [
        [5, 'promotion.requested'],
        [6, 'promotion.started'],
        [7, 'promotion.ended'],
        [8, 'journal.pruned'],
      ],
    );
    assert.deepEqual(
      store.promotions.list({ repositoryId: 'repository', limit: 9 }).map(({ id }) => id),
      ['p-2'],
    );
    const { ok, provenUpTo } = await store.journal.verify();
    assert.ok(ok);
    assert.equal(provenUpTo, 7);
    home.tamper('DELETE FROM events WHERE sequence <= 7');
    assert.match((await store.journal.verify()).findings[0]?.message ?? '', /Events 5 to 7 were removed/);
  });

  it('keeps a promotion that has not ended or holds its lock, and all that came after it', async () => {
    await promote('p-1');
    await store.startPromotion(aStart('p-2'));
    await promote('p-3', 'elsewhere');
    later(500);
    assert.equal(prune().events, 3);
    const event = { ...ended, outcome: 'needsPerson' } as const;
    store.endPromotion({ promotionId: 'p-2', event, keepLock: true });
    later(1000);
    assert.equal(prune().events, 0);
    store.locks.release('p-2', { person: 'alice', reason: 'It is good.' });
    later(2000);
    assert.ok(prune().events > 0);
    assert.ok((await store.journal.verify()).ok);
  });

  it('may delete every event: the next one follows the last that went', async () => {
    store.journal.appendAll([anEvent(), anEvent()]);
    later(500);
    assert.equal(prune().events, 2);
    assert.equal(prune().events, 0);
    store.journal.append(anEvent());
    assert.ok((await store.journal.verify()).ok);
  });
});
