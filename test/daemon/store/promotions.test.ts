import assert from 'node:assert/strict';
import { buildDigest } from '../../../daemon/model/digest.ts';
import type { PromotionEvent } from '../../../daemon/model/promotionEvent.ts';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import type { Store } from '../../../daemon/store/store.ts';
import { aPlan, aStep } from '../../builders/plan.ts';
import { aStart, TemporaryStore } from './temporaryStore.ts';

const steps = [
  aStep({ id: 'upgrade' }),
  aStep({ id: 'status', kind: 'helmStatus' }),
  aStep({ id: 'uninstall', kind: 'helmUninstall' }),
];
const { target, release } = aPlan();
const ended = { type: 'promotion.ended', outcome: 'succeeded', reason: 'It runs.' } as const;

const intended = (stepId: string): PromotionEvent => ({ type: 'step.intended', stepId, attempt: 1 });

function completed(
  stepId: string,
  facts: Readonly<Record<string, string>>,
  state: 'done' | 'failed' | 'unknown' = 'done',
) {
  const inspection = { state, summary: 'Seen.', facts };
  return { type: 'step.completed', stepId, outcome: state, inspection } as const;
}

describe('promotions in the store', () => {
  let home: TemporaryStore;
  let store: Store;
  beforeEach(() => {
    home = new TemporaryStore();
    store = home.open();
  });
  afterEach(() => home.dispose());

  function promote(promotionId: string, values: Parameters<typeof aStart>[1] = {}): void {
    void store.startPromotion(aStart(promotionId, { steps, ...values }));
    store.endPromotion({ promotionId, event: ended });
  }

  it('are folded from their events, the same after the store was opened again', async () => {
    await store.startPromotion(aStart('p-1', { steps }));
    store.promotions.append('p-1', { type: 'step.intended', stepId: 'upgrade', attempt: 1 });
    const promotion = store.promotions.append('p-1', completed('upgrade', {}));
    assert.equal(promotion.steps[0]?.state, 'done');
    assert.deepEqual(store.promotions.load('p-1'), promotion);
    assert.deepEqual(home.open().promotions.load('p-1'), promotion);
  });

  it('refuse an event that cannot follow, and keep nothing of it', async () => {
    await store.startPromotion(aStart('p-1', { steps }));
    const before = store.promotions.load('p-1');
    assert.throws(() => store.promotions.append('p-1', completed('nowhere', {})), /has no step nowhere/);
    assert.throws(() => store.promotions.append('p-2', completed('upgrade', {})), /before its request/);
    assert.deepEqual(store.promotions.load('p-1'), before);
    assert.equal(store.journal.head().sequence, 2);
  });

  it('are brought forward when another process appends', async () => {
    await store.startPromotion(aStart('p-1', { steps }));
    store.promotions.load('p-1');
    home.open().promotions.append('p-1', { type: 'promotion.cancelRequested', person: 'bob' });
    assert.ok(store.promotions.load('p-1').cancelRequested);
  });

  it('say which promotion is unknown', () => {
    assert.throws(
      () => store.promotions.load('p-9'),
      (error: unknown) => error instanceof SlipwayError && error.code === 'unknownPromotion',
    );
  });

  it('are listed newest first, the running ones by themselves', async () => {
    promote('p-1');
    promote('p-2', { repositoryId: 'other' });
    promote('p-3');
    await store.startPromotion(aStart('p-4', { steps }));
    const ids = store.promotions.list({ repositoryId: 'repository', limit: 2 }).map(({ id }) => id);
    assert.deepEqual(ids, ['p-4', 'p-3']);
    assert.deepEqual(
      store.promotions.running().map(({ id }) => id),
      ['p-4'],
    );
    const summaries = store.promotions.summaries({ repositoryId: 'repository', limit: 9 });
    assert.deepEqual(
      summaries.map(({ promotionId, state, endedAt }) => [promotionId, state, endedAt !== undefined]),
      [
        ['p-4', 'running', false],
        ['p-3', 'succeeded', true],
        ['p-1', 'succeeded', true],
      ],
    );
  });

  it('stay listed beside one that cannot be read, which is told', () => {
    promote('p-1');
    promote('p-2');
    home.tamper(`UPDATE events SET payload = '{}' WHERE promotionId = 'p-1'`);
    const reader = home.open();
    const ids = reader.promotions.list({ repositoryId: 'repository', limit: 9 }).map(({ id }) => id);
    assert.deepEqual(ids, ['p-2']);
    assert.match(reader.notices()[0] ?? '', /Promotion p-1 cannot be read: event 1 \(promotion.requested/);
    assert.throws(
      () => reader.promotions.load('p-1'),
      (error: unknown) => error instanceof SlipwayError && error.next.includes('Verify Journal'),
    );
  });

  it('are folded anew when more were asked for than are kept in memory', () => {
    for (let number = 0; number < 70; number += 1) {
      promote(`p-${number}`);
    }
    const all = store.promotions.list({ repositoryId: 'repository', limit: 100 });
    assert.equal(all.length, 70);
    assert.ok(all.every(promotion => promotion.state === 'succeeded'));
  });

  it('know the last success of exactly a release in an environment', async () => {
    const query = { repositoryId: 'repository', environment: 'staging', releaseDigest: release.digest };
    assert.equal(store.promotions.lastSucceeded(query), undefined);
    await store.startPromotion(aStart('p-1', { steps }));
    store.endPromotion({ promotionId: 'p-1', event: { ...ended, outcome: 'failed' } });
    assert.equal(store.promotions.lastSucceeded(query), undefined);
    promote('p-2');
    home.now = new Date('2026-01-02T00:00:00.000Z');
    promote('p-3');
    assert.deepEqual(store.promotions.lastSucceeded(query), {
      promotionId: 'p-3',
      at: '2026-01-02T00:00:00.000Z',
      person: 'alice',
    });
    const others = [
      { ...query, environment: 'production' },
      { ...query, repositoryId: 'other' },
      { ...query, releaseDigest: buildDigest('other') },
    ];
    assert.deepEqual(
      others.map(other => store.promotions.lastSucceeded(other)),
      [undefined, undefined, undefined],
    );
  });

  it('know the Helm revisions they wrote, and only those', async () => {
    const { clusterId, namespace } = target;
    const facts = { release: 'kosmos', namespace, clusterId, revision: '7' };
    await store.startPromotion(aStart('p-1', { steps }));
    const events = [
      intended('upgrade'),
      completed('upgrade', facts),
      intended('status'),
      completed('status', { ...facts, revision: '8' }),
    ];
    for (const event of events) {
      assert.ok(event.type !== 'promotion.ended');
      store.promotions.append('p-1', event);
    }
    const known = [{ release: 'kosmos', revision: 7, promotionId: 'p-1' }];
    assert.deepEqual(store.promotions.knownRevisions({ clusterId, namespace }), known);
    assert.deepEqual(store.promotions.knownRevisions({ clusterId, namespace, release: 'kosmos' }), known);
    assert.deepEqual(store.promotions.knownRevisions({ clusterId, namespace, release: 'other' }), []);
    assert.deepEqual(store.promotions.knownRevisions({ clusterId: 'other', namespace }), []);
    store.promotions.append('p-1', completed('uninstall', { release: 'kosmos' }));
    assert.deepEqual(store.promotions.knownRevisions({ clusterId, namespace }), []);
  });

  it('say until when a revision of theirs can have been written', async () => {
    const { clusterId, namespace } = target;
    const facts = { release: 'kosmos', namespace, clusterId, revision: '7' };
    await store.startPromotion(aStart('p-1', { steps }));
    store.promotions.append('p-1', completed('upgrade', facts));
    const event = { type: 'promotion.ended', outcome: 'succeeded', reason: 'It runs.' } as const;
    const { endedAt } = store.endPromotion({ promotionId: 'p-1', event });
    assert.ok(endedAt);
    assert.deepEqual(store.promotions.knownRevisions({ clusterId, namespace }), [
      { release: 'kosmos', revision: 7, promotionId: 'p-1', until: endedAt },
    ]);
  });

  it('say which record of Helm a revision of theirs is: a number alone comes again after an uninstall', async () => {
    const { clusterId, namespace } = target;
    const facts = { release: 'kosmos', namespace, clusterId, revision: '1', recordUid: 'uid-1' };
    await store.startPromotion(aStart('p-1', { steps }));
    store.promotions.append('p-1', completed('upgrade', facts));
    assert.deepEqual(store.promotions.knownRevisions({ clusterId, namespace }), [
      { release: 'kosmos', revision: 1, promotionId: 'p-1', recordUid: 'uid-1' },
    ]);
  });

  it('do not take a revision for theirs when nobody could say whose it is', async () => {
    const { clusterId, namespace } = target;
    await store.startPromotion(aStart('p-1', { steps }));
    store.promotions.append('p-1', completed('upgrade', { release: 'kosmos', revision: '7' }, 'unknown'));
    assert.deepEqual(store.promotions.knownRevisions({ clusterId, namespace }), []);
  });
});
