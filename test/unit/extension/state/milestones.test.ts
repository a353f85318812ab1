import assert from 'node:assert/strict';
import { decideMilestones } from '../../../../extension/state/milestones.ts';
import { anEnvironment, anOpenState, aPromotion, aRepository, aStoreState } from '../../../builders/views.ts';

const { trust } = aRepository();
const notConnected = anEnvironment({ connection: { state: 'notConnected' } });
const done = (...args: Parameters<typeof anOpenState>) =>
  Object.entries(decideMilestones(anOpenState(...args)))
    .filter(([, reached]) => reached)
    .map(([name]) => name);

describe('the milestones of the walkthrough', () => {
  it('P-08j are reached one after the other', () => {
    assert.ok(Object.values(decideMilestones(aStoreState())).every(reached => !reached));
    const untrusted = { trust: { ...trust, state: 'untrusted' as const }, environments: [notConnected] };
    assert.deepEqual(done(aRepository({ procedure: 'missing', environments: [] })), []);
    assert.deepEqual(done(aRepository(untrusted)), ['procedure']);
    assert.deepEqual(done(aRepository({ environments: [notConnected] })), ['procedure', 'trusted']);
    assert.deepEqual(done(aRepository({ promotions: [aPromotion()] })), [
      'procedure',
      'trusted',
      'connected',
    ]);
    assert.deepEqual(done(aRepository({ promotions: [aPromotion({ state: 'succeeded' })] })), [
      'procedure',
      'trusted',
      'connected',
      'promoted',
    ]);
  });
});
