import assert from 'node:assert/strict';
import { decideNextAction, decideRecovery, decideStepOutcome } from '../../../daemon/model/nextAction.ts';
import { type Promotion, promotionHasEnded, reducePromotion } from '../../../daemon/model/promotion.ts';
import type { Inspection, PromotionEvent } from '../../../daemon/model/promotionEvent.ts';
import { aPlan, aStep } from '../../builders/plan.ts';

const done: Inspection = { state: 'done', summary: 'Revision 2 is deployed.', facts: {} };
const failed: Inspection = { state: 'failed', summary: 'Revision 2 is failed.', facts: {} };
const partial: Inspection = { state: 'partial', summary: 'Revision 2 is pending-upgrade.', facts: {} };

const plan = aPlan({ steps: [aStep({ id: 'upgrade' }), aStep({ id: 'verify', kind: 'verifyWorkloads' })] });
const requested: PromotionEvent = { type: 'promotion.requested', plan, person: 'alice' };
const started: PromotionEvent = { type: 'promotion.started', gates: [], host: 'laptop' };

function fold(...events: PromotionEvent[]): Promotion {
  let promotion: Promotion | undefined;
  for (const [index, event] of events.entries()) {
    const time = new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString();
    promotion = reducePromotion(promotion, { promotionId: plan.id, time, event });
  }
  assert.ok(promotion);
  return promotion;
}

const complete = (
  stepId: string,
  inspection: Inspection,
  outcome: 'done' | 'failed' | 'cancelled' | 'unknown',
) => ({ type: 'step.completed', stepId, outcome, inspection }) as const;
const intend = (stepId: string) => ({ type: 'step.intended', stepId, attempt: 1, spool: '/s' }) as const;

describe('a promotion', () => {
  it('L-10g is the fold of its events', () => {
    const promotion = fold(
      requested,
      started,
      intend('upgrade'),
      complete('upgrade', done, 'done'),
      intend('verify'),
    );
    assert.equal(promotion.state, 'verifying');
    assert.deepEqual(
      promotion.steps.map(step => step.state),
      ['done', 'running'],
    );
    assert.equal(promotion.startedAt, '2026-01-01T00:00:01.000Z');
  });

  it('refuses an event after its end', () => {
    assert.throws(
      () =>
        fold(
          requested,
          started,
          { type: 'promotion.ended', outcome: 'failed', reason: 'x' },
          intend('upgrade'),
        ),
      /after its end/,
    );
  });

  it('refuses an event before its request', () => {
    assert.throws(() => fold(started), /before its request/);
  });

  it('ends needsPerson as ended', () => {
    assert.ok(
      promotionHasEnded(
        fold(requested, started, { type: 'promotion.ended', outcome: 'needsPerson', reason: 'x' }),
      ),
    );
  });
});

describe('what comes next', () => {
  it('is the first step that waits', () => {
    assert.deepEqual(decideNextAction(fold(requested, started)), { type: 'run', step: plan.steps[0] });
  });

  it('is recovery of a step in flight', () => {
    assert.equal(decideNextAction(fold(requested, started, intend('upgrade'))).type, 'recover');
  });

  it('is the end when every step is done', () => {
    const all = fold(
      requested,
      started,
      intend('upgrade'),
      complete('upgrade', done, 'done'),
      intend('verify'),
      complete('verify', done, 'done'),
    );
    const action = decideNextAction(all);
    assert.ok(action.type === 'end');
    assert.equal(action.outcome, 'succeeded');
  });

  it('L-13a does not say that a release runs where pods run on with the one before', () => {
    const sentence = 'statefulset/db is set to db:2: 0 of 2 replicas are updated.';
    const end = (facts: Inspection['facts']) =>
      decideNextAction(
        fold(
          requested,
          started,
          intend('upgrade'),
          complete('upgrade', done, 'done'),
          intend('verify'),
          complete('verify', { ...done, facts }, 'done'),
        ),
      );
    const [behind, all] = [end({ behind: sentence }), end({ 'statefulset/db': sentence })];
    assert.ok(behind.type === 'end' && all.type === 'end');
    assert.ok(behind.reason.endsWith(`, but not every pod runs it yet. ${sentence}`));
    assert.match(all.reason, / runs in \w+\.$/);
  });

  it('is the end as failed when a step failed, with what was seen', () => {
    const action = decideNextAction(
      fold(requested, started, intend('upgrade'), complete('upgrade', failed, 'failed')),
    );
    assert.ok(action.type === 'end');
    assert.equal(action.outcome, 'failed');
    assert.match(action.reason, /Revision 2 is failed/);
  });

  it('is a compensation when a step was left half done', () => {
    const action = decideNextAction(
      fold(requested, started, intend('upgrade'), complete('upgrade', partial, 'failed')),
    );
    assert.equal(action.type, 'compensate');
  });

  it('is rolledBack after the compensation', () => {
    const step = aStep({ id: 'repair', kind: 'helmRollback' });
    const base = [requested, started, intend('upgrade'), complete('upgrade', partial, 'failed')] as const;
    const compensating = { type: 'promotion.compensating', step, reason: 'helm was killed' } as const;
    assert.deepEqual(decideNextAction(fold(...base, compensating)), { type: 'run', step });
    const action = decideNextAction(
      fold(...base, compensating, intend('repair'), complete('repair', done, 'done')),
    );
    assert.ok(action.type === 'end');
    assert.equal(action.outcome, 'rolledBack');
  });

  it('L-21a is a look at the workloads after a compensation that names them, and rolledBack only then', () => {
    const expected = { 'deployment/agent-name#agent': 'kosmos/agent:v2.0.0' };
    const step = aStep({ id: 'repair', kind: 'helmRollback', input: { release: 'kosmos', ...expected } });
    const events: PromotionEvent[] = [
      requested,
      started,
      intend('upgrade'),
      complete('upgrade', partial, 'failed'),
      { type: 'promotion.compensating', step, reason: 'helm was killed' },
      intend('repair'),
      complete('repair', done, 'done'),
    ];
    const action = decideNextAction(fold(...events));
    assert.ok(action.type === 'confirm');
    const { id, kind, title, input } = action.step;
    assert.deepEqual([id, kind, input], ['verify-repair', 'verifyWorkloads', expected]);
    assert.equal(title, 'deployment/agent-name runs kosmos/agent:v2.0.0');
    events.push({ type: 'promotion.compensating', step: action.step, reason: 'helm was killed' }, intend(id));
    const well = decideNextAction(fold(...events, complete(id, done, 'done')));
    assert.deepEqual(well, { type: 'end', outcome: 'rolledBack', reason: 'helm was killed' });
    const badly = decideNextAction(fold(...events, complete(id, failed, 'failed')));
    assert.ok(badly.type === 'end');
    assert.equal(badly.outcome, 'needsPerson');
  });

  it('is another compensation when the machine went down in the middle of the first, thrice at most', () => {
    const events: PromotionEvent[] = [
      requested,
      started,
      intend('upgrade'),
      complete('upgrade', partial, 'failed'),
    ];
    for (const id of ['repair-1', 'repair-2', 'repair-3']) {
      assert.equal(decideNextAction(fold(...events)).type, 'compensate', id);
      const step = aStep({ id, kind: 'helmRollback' });
      events.push({ type: 'promotion.compensating', step, reason: 'helm was killed' });
      assert.deepEqual(decideNextAction(fold(...events)), { type: 'run', step });
      events.push(intend(id), complete(id, partial, 'failed'));
    }
    const action = decideNextAction(fold(...events));
    assert.ok(action.type === 'end');
    assert.equal(action.outcome, 'needsPerson');
  });

  it('is rolledBack when the second compensation put right what the first had left', () => {
    const compensate = (id: string) =>
      ({
        type: 'promotion.compensating',
        step: aStep({ id, kind: 'helmRollback' }),
        reason: 'killed',
      }) as const;
    const action = decideNextAction(
      fold(
        requested,
        started,
        intend('upgrade'),
        complete('upgrade', partial, 'failed'),
        compensate('repair-1'),
        intend('repair-1'),
        complete('repair-1', partial, 'failed'),
        compensate('repair-2'),
        intend('repair-2'),
        complete('repair-2', done, 'done'),
      ),
    );
    assert.ok(action.type === 'end');
    assert.equal(action.outcome, 'rolledBack');
  });

  it('is a person when the compensation failed', () => {
    const step = aStep({ id: 'repair', kind: 'helmRollback' });
    const compensating = { type: 'promotion.compensating', step, reason: 'helm was killed' } as const;
    const action = decideNextAction(
      fold(
        requested,
        started,
        intend('upgrade'),
        complete('upgrade', partial, 'failed'),
        compensating,
        intend('repair'),
        complete('repair', failed, 'failed'),
      ),
    );
    assert.ok(action.type === 'end');
    assert.equal(action.outcome, 'needsPerson');
  });

  it('is the end as cancelled when the next step has not begun', () => {
    const action = decideNextAction(
      fold(requested, started, intend('upgrade'), complete('upgrade', done, 'done'), {
        type: 'promotion.cancelRequested',
        person: 'alice',
      }),
    );
    assert.ok(action.type === 'end');
    assert.equal(action.outcome, 'cancelled');
    assert.match(action.reason, /Revision 2 is deployed/);
  });
});

describe('the end of a step', () => {
  it('is done when the world says so, whatever the exit code and a late cancel', () => {
    assert.equal(
      decideStepOutcome({ inspection: done, exit: { code: 1, reason: 'exited' }, cancelRequested: true }),
      'done',
    );
  });

  it('is failed when the world says so though the exit code is 0', () => {
    assert.equal(
      decideStepOutcome({ inspection: failed, exit: { code: 0, reason: 'exited' }, cancelRequested: false }),
      'failed',
    );
  });

  it('is cancelled when it was cancelled and the world is not done', () => {
    assert.equal(decideStepOutcome({ inspection: failed, cancelRequested: true }), 'cancelled');
  });
});

describe('recovery', () => {
  it('L-10g runs again only what provably never started and left nothing', () => {
    const notDone: Inspection = { state: 'notDone', summary: '', facts: {} };
    assert.equal(decideRecovery('neverStarted', notDone), 'runAgain');
    assert.equal(decideRecovery('ended', notDone), 'stop');
    assert.equal(decideRecovery('lost', notDone), 'stop');
    assert.equal(decideRecovery('neverStarted', done), 'goOn');
    assert.equal(decideRecovery('running', notDone), 'adopt');
    assert.equal(decideRecovery('lost', { state: 'unknown', summary: '', facts: {} }), 'ask');
  });

  it('runs again what only looks, unless it has ended', () => {
    assert.equal(decideRecovery('neverStarted', done, 'looks'), 'runAgain');
    assert.equal(decideRecovery('lost', done, 'looks'), 'runAgain');
    assert.equal(decideRecovery('ended', done, 'looks'), 'goOn');
    assert.equal(decideRecovery('running', done, 'looks'), 'adopt');
  });
});
