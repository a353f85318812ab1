import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import type { Gate } from '../../../daemon/model/gate.ts';
import { migrations } from '../../../daemon/store/embedded/migrations.ts';
import type { Store } from '../../../daemon/store/store.ts';
import { aDigest, aTick } from '../../builders/checks.ts';
import { anEvent, aStart, TemporaryStore } from './temporaryStore.ts';

const { at: _, sequence: __, ...given } = aTick();
const place = { repositoryId: 'repository', environment: 'production', release: 'v2.1.0' };

describe('the ticks', () => {
  let home: TemporaryStore;
  let store: Store;
  beforeEach(() => {
    home = new TemporaryStore();
    store = home.open();
  });
  afterEach(() => home.dispose());

  const journalled = () => store.journal.read({ since: 0, limit: 99 }).events;

  it('P-02b keep a person, the time, a note and what was ticked, over a restart, and are in the chain', async () => {
    const tick = store.ticks.tick({ ...given, note: 'CHG-4711' });
    assert.deepEqual(tick, { ...given, note: 'CHG-4711', at: '2026-01-01T00:00:00.000Z', sequence: 1 });
    store.dispose();
    store = home.open();
    assert.deepEqual(store.ticks.list(place), [tick]);
    const [event] = journalled();
    assert.equal(event?.type, 'check.ticked');
    assert.equal(event?.version, 1);
    assert.deepEqual(event?.payload, { ...given, note: 'CHG-4711', parts: aDigest().parts });
    assert.ok((await store.journal.verify()).ok);
    home.tamper(`UPDATE events SET payload = replace(payload, 'alice', 'eve')`);
    assert.equal((await store.journal.verify()).findings[0]?.problem, 'edited');
  });

  it('P-02b are taken back by a person, who is journalled; a second time does nothing', () => {
    const tick = store.ticks.tick(given);
    assert.equal(store.ticks.untick(tick, { person: 'bob' }), true);
    assert.equal(store.ticks.untick(tick, { person: 'bob' }), false);
    assert.deepEqual(store.ticks.list(place), []);
    assert.deepEqual(
      journalled().map(({ type, payload }) => [type, (payload as { person: string }).person]),
      [
        ['check.ticked', 'alice'],
        ['check.unticked', 'bob'],
      ],
    );
  });

  it('P-02c hold one tick for each check at its place: a newer one takes the place of the one before', () => {
    const old = store.ticks.tick(given);
    const anew = store.ticks.tick({ ...given, ...aDigest('3') });
    assert.deepEqual(store.ticks.list(place), [anew]);
    assert.equal(store.ticks.untick(old, { person: 'alice' }), false);
    assert.deepEqual(store.ticks.list(place), [anew]);
  });

  it('P-02c of a release are found in every environment, those of an environment only there', () => {
    const everywhere = store.ticks.tick({
      ...given,
      checkId: 'c-2',
      scope: 'release',
      environment: 'staging',
    });
    const here = store.ticks.tick(given);
    const checksOf = (values: Partial<typeof place>) =>
      store.ticks.list({ ...place, ...values }).map(({ checkId }) => checkId);
    assert.deepEqual(store.ticks.list(place), [everywhere, here]);
    assert.deepEqual(checksOf({ environment: 'staging' }), ['c-2']);
    assert.deepEqual(checksOf({ release: 'v2.2.0' }), []);
    assert.deepEqual(checksOf({ repositoryId: 'other' }), []);
  });

  it('P-03b are read inside the transaction that starts a promotion: what is taken back before it does not count', async () => {
    const tick = store.ticks.tick(given);
    const start = (promotionId: string) =>
      store.startPromotion({
        ...aStart(promotionId),
        decide: view => {
          const state = view.ticks.list(place).length > 0 ? 'pass' : 'hold';
          return [
            { kind: 'checklist', title: 'Checklist', state, reason: '', enforcement: '' } satisfies Gate,
          ];
        },
      });
    const other = home.open();
    assert.ok(other.ticks.untick(tick, { person: 'bob' }));
    assert.equal((await start('p-1')).started, false);
    other.ticks.tick(given);
    assert.equal((await start('p-2')).started, true);
  });

  it('P-02c know the last promotion that used them up, and no rollback', async () => {
    const query = { repositoryId: 'repository', environment: 'staging', release: 'v2.1.0' };
    assert.equal(store.promotions.lastStarted(query), undefined);
    await store.startPromotion(aStart('p-1'));
    const event = { type: 'promotion.ended', outcome: 'succeeded', reason: '' } as const;
    store.endPromotion({ promotionId: 'p-1', event });
    await store.startPromotion(aStart('p-2', { kind: 'rollback' }));
    const { promotionId, person, at, sequence } = store.promotions.lastStarted(query) ?? {};
    assert.deepEqual([promotionId, person, at, sequence], ['p-1', 'alice', home.now.toISOString(), 1]);
    assert.equal(store.promotions.lastStarted({ ...query, environment: 'production' }), undefined);
  });

  it('P-02b come to a store of the version before, after a copy of it', () => {
    store.dispose();
    home.dispose();
    home = new TemporaryStore();
    const old = home.open({ migrations: migrations.slice(0, 1) });
    old.journal.append(anEvent());
    old.dispose();
    store = home.open();
    store.ticks.tick(given);
    assert.equal(store.ticks.list(place).length, 1);
    const database = new DatabaseSync(home.path);
    assert.equal(database.prepare('SELECT value FROM meta').get()?.['value'], String(migrations.length));
    database.close();
  });
});
