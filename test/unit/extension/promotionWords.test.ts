import assert from 'node:assert/strict';
import type { Gate } from '../../../daemon/model/gate.ts';
import { promotionHasEnded, promotionStates } from '../../../daemon/model/promotion.ts';
import { buildExitText, buildHeldSentence, isEnded } from '../../../extension/promotionWords.ts';
import { fillIn } from '../../../extension/words.ts';
import { aHoldingGate, aPlan } from '../../builders/plan.ts';
import { aPromotion, someWords } from '../../builders/views.ts';

describe('the end of a promotion', () => {
  // The window may import only types of the model, so it has a list of its own.
  it('is the same to the window as to the daemon', () => {
    for (const state of promotionStates) {
      assert.equal(isEnded(state), promotionHasEnded(aPromotion({ state })), state);
    }
  });
});

describe('the end of a tool', () => {
  it('P-16m is said in words, with the exit code where there is one', () => {
    const said = [
      { reason: 'exited', code: 0 },
      { reason: 'exited', code: null },
      { reason: 'timedOut', code: null },
      { reason: 'cancelled', code: 130 },
      { reason: 'notFound', code: null },
      { reason: 'lost', code: null },
    ] as const;
    assert.deepEqual(
      said.map(exit => buildExitText(exit, fillIn)),
      [
        'exit code 0',
        'no exit code',
        'stopped at its time limit',
        'cancelled, exit code 130',
        'its program was not found',
        'it was gone, and left no exit code',
      ],
    );
  });
});

describe('a plan that is held back', () => {
  const gate = aHoldingGate();
  const say = (...gates: readonly Gate[]) => buildHeldSentence(aPlan({ gates: [...gates] }), someWords());

  it('P-16c says why, what can be done, and how many more gates hold it', () => {
    const passing = { ...gate, state: 'pass' } as const;
    const one = 'v2.1.0 cannot go to staging now. It never ran in staging. Promote v2.1.0 to staging.';
    assert.equal(say(passing, gate), one);
    assert.equal(say(gate, gate), `${one} 1 more gate holds it: see the plan.`);
    assert.equal(say(gate, gate, gate), `${one} 2 more gates hold it: see the plan.`);
  });
});
