import assert from 'node:assert/strict';
import { promotionHasEnded, promotionStates } from '../../../daemon/model/promotion.ts';
import { isEnded } from '../../../extension/promotionWords.ts';
import { aPromotion } from '../../builders/views.ts';

describe('the end of a promotion', () => {
  // The window may import only types of the model, so it has a list of its own.
  it('is the same to the window as to the daemon', () => {
    for (const state of promotionStates) {
      assert.equal(isEnded(state), promotionHasEnded(aPromotion({ state })), state);
    }
  });
});
