import assert from 'node:assert/strict';
import type { Gate } from '../../../daemon/model/gate.ts';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import type { StartView, Store } from '../../../daemon/store/store.ts';
import { aPlan } from '../../builders/plan.ts';
import { aStart, TemporaryStore } from './temporaryStore.ts';
import { TestProcess } from './testProcess.ts';

const ended = { type: 'promotion.ended', outcome: 'succeeded', reason: 'It runs.' } as const;
const { clusterId, namespace } = aPlan().target;
const key = { clusterId, namespace };
const holding: Gate = {
  kind: 'order',
  title: 'Order',
  state: 'hold',
  reason: 'Staging first.',
  enforcement: 'advice',
};

describe('the start of a promotion', () => {
  let home: TemporaryStore;
  let store: Store;
  beforeEach(() => {
    home = new TemporaryStore();
    store = home.open();
  });
  afterEach(() => home.dispose());

  it('L-18c takes the lock and journals the gates that were decided inside its transaction', async () => {
    const passing: Gate = { ...holding, state: 'pass', reason: 'Decided now.' };
    const result = await store.startPromotion({ ...aStart('p-1'), decide: () => [passing] });
    assert.ok(result.started);
    assert.deepEqual(result.promotion.gates, [passing]);
    assert.equal(result.promotion.state, 'running');
    assert.deepEqual(store.locks.get(key), {
      promotionId: 'p-1',
      person: 'alice',
      release: 'v2.1.0',
      since: '2026-01-01T00:00:00.000Z',
    });
  });

  it('L-18c writes nothing when a gate holds', async () => {
    const result = await store.startPromotion({ ...aStart('p-1'), decide: () => [holding] });
    assert.deepEqual(result, { started: false, gates: [holding] });
    assert.equal(store.locks.get(key), undefined);
    assert.equal(store.journal.head().sequence, 0);
  });

  it('L-18c shows the gates the lock and the promotions of that instant', async () => {
    await store.startPromotion(aStart('p-1'));
    store.endPromotion({ promotionId: 'p-1', event: ended });
    await store.startPromotion(aStart('p-2'));
    const views: StartView[] = [];
    const result = await store.startPromotion({
      ...aStart('p-3'),
      decide: view => {
        views.push(view);
        const { release } = aPlan();
        const query = { repositoryId: 'repository', environment: 'staging', releaseDigest: release.digest };
        assert.equal(view.promotions.lastSucceeded(query)?.promotionId, 'p-1');
        return [];
      },
    });
    assert.ok(!result.started);
    assert.equal(result.lock?.promotionId, 'p-2');
    assert.equal(views[0]?.lock?.promotionId, 'p-2');
    assert.equal(views[0]?.time, '2026-01-01T00:00:00.000Z');
  });

  it('writes nothing when deciding throws', async () => {
    const decide = () => {
      throw new Error('on purpose');
    };
    await assert.rejects(store.startPromotion({ ...aStart('p-1'), decide }), /on purpose/);
    assert.equal(store.journal.head().sequence, 0);
    assert.ok((await store.startPromotion(aStart('p-2'))).started);
  });

  it('does not wait for a promotion in another namespace or cluster', async () => {
    await store.startPromotion(aStart('p-1'));
    const { target } = aPlan();
    const elsewhere = [
      { ...target, namespace: 'other' },
      { ...target, clusterId: 'other' },
    ];
    for (const [index, other] of elsewhere.entries()) {
      assert.ok((await store.startPromotion(aStart(`other-${index}`, { target: other }))).started);
    }
  });

  it('has its lock given back with its end', async () => {
    await store.startPromotion(aStart('p-1'));
    store.endPromotion({ promotionId: 'p-1', event: ended });
    assert.equal(store.locks.get(key), undefined);
    assert.ok((await store.startPromotion(aStart('p-2'))).started);
  });

  it('finds the lock kept by an end that nobody understands, until a person gives it back', async () => {
    await store.startPromotion(aStart('p-1'));
    const by = { person: 'bob', reason: 'I looked: revision 3 is good.' };
    assert.throws(
      () => store.locks.release('p-1', by),
      (error: unknown) => error instanceof SlipwayError && error.code === 'locked',
    );
    store.endPromotion({ promotionId: 'p-1', event: { ...ended, outcome: 'needsPerson' }, keepLock: true });
    assert.equal(store.locks.get(key)?.needsPersonSince, store.promotions.load('p-1').endedAt);
    store.locks.release('p-1', by);
    assert.equal(store.locks.get(key), undefined);
    const events = store.journal.read({ since: 0, limit: 9, promotionId: 'p-1' }).events;
    assert.equal(events.at(-1)?.type, 'lock.released');
    assert.equal(store.promotions.load('p-1').state, 'needsPerson');
  });

  it('takes over the lock that an ended promotion kept, when the gates let it, and journals who did', async () => {
    await store.startPromotion(aStart('p-1'));
    store.endPromotion({ promotionId: 'p-1', event: { ...ended, outcome: 'needsPerson' }, keepLock: true });
    assert.ok(!(await store.startPromotion({ ...aStart('p-2'), decide: () => [holding] })).started);
    assert.equal(store.locks.get(key)?.promotionId, 'p-1');
    assert.ok((await store.startPromotion({ ...aStart('p-3'), person: 'bob' })).started);
    assert.equal(store.locks.get(key)?.promotionId, 'p-3');
    const [last] = store.journal.read({ since: 0, limit: 9, promotionId: 'p-1' }).events.slice(-1);
    assert.equal(last?.type, 'lock.released');
    assert.deepEqual(last?.payload, { ...key, person: 'bob', reason: 'p-3 takes it over.' });
  });

  it('L-18c lets one of two simultaneous starts win, always', async () => {
    const racers = ['one', 'two'].map(name => new TestProcess('startWhenTold.ts', [home.folder, name]));
    try {
      await Promise.all(racers.map(racer => racer.line()));
      for (let round = 0; round < 40; round += 1) {
        for (const racer of racers) {
          racer.write(`${round}\n`);
        }
        const answers = await Promise.all(racers.map(racer => racer.line()));
        assert.deepEqual(answers.toSorted(), ['refused', 'started'], `round ${round}`);
      }
    } finally {
      await Promise.all(racers.map(racer => racer.kill()));
    }
    assert.equal(store.promotions.running().length, 40);
    assert.ok((await store.journal.verify()).ok);
  });
});
