import assert from 'node:assert/strict';
import { findEndedPromotions } from '../../../../extension/state/endedPromotions.ts';
import { anOpenState, aPromotion, aRepository } from '../../../builders/views.ts';

const running = aPromotion({ id: 'running' });
const ended = aPromotion({ id: 'ended', state: 'succeeded' });

describe('the promotions that have ended', () => {
  it('are those that were seen running', () => {
    const state = anOpenState(aRepository({ promotions: [running, ended] }));
    const found = findEndedPromotions(state, new Set(['ended', 'running']));
    assert.deepEqual(
      found.ended.map(({ id }) => id),
      ['ended'],
    );
    assert.deepEqual([...found.running], ['running']);
  });

  it('are none of the old ones that a window finds when it opens', () => {
    const state = anOpenState(aRepository({ promotions: [ended] }));
    assert.deepEqual(findEndedPromotions(state, new Set()).ended, []);
  });

  it('are remembered until their repository is open', () => {
    const found = findEndedPromotions(anOpenState(aRepository()), new Set(['elsewhere']));
    assert.deepEqual([...found.running], ['elsewhere']);
  });

  it('include one that this window started and that ended before it was seen running', () => {
    const state = anOpenState(aRepository({ promotions: [ended] }), {
      type: 'planStarted',
      planId: 'p-1',
      promotionId: 'ended',
    });
    assert.equal(findEndedPromotions(state, new Set()).ended.length, 1);
  });
});
