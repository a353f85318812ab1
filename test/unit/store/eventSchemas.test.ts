import assert from 'node:assert/strict';
import { buildDigest } from '../../../daemon/model/digest.ts';
import type { PromotionEvent } from '../../../daemon/model/promotionEvent.ts';
import {
  buildPromotionInput,
  findUnreadable,
  parsePromotionEvent,
} from '../../../daemon/store/eventSchemas.ts';
import { aPlan, aStep } from '../../builders/plan.ts';

const inspection = { state: 'done', summary: 'Seen.', facts: { revision: '2' } } as const;

const events: { readonly [T in PromotionEvent['type']]: Extract<PromotionEvent, { type: T }> } = {
  'promotion.requested': { type: 'promotion.requested', plan: aPlan(), person: 'alice' },
  'promotion.started': { type: 'promotion.started', gates: [], host: 'laptop' },
  'step.intended': {
    type: 'step.intended',
    stepId: 's',
    attempt: 1,
    argvDigest: buildDigest('argv'),
    spool: '/s',
  },
  'step.spawned': { type: 'step.spawned', stepId: 's', pid: 7, startTime: '123' },
  'step.completed': {
    type: 'step.completed',
    stepId: 's',
    outcome: 'done',
    inspection,
    exit: { code: 0, reason: 'exited' },
    output: buildDigest('output'),
  },
  'promotion.cancelRequested': { type: 'promotion.cancelRequested', person: 'alice' },
  'promotion.compensating': { type: 'promotion.compensating', step: aStep(), reason: 'It was killed.' },
  'promotion.recovered': { type: 'promotion.recovered', stepId: 's', inspection, decision: 'goOn' },
  'promotion.ended': { type: 'promotion.ended', outcome: 'succeeded', reason: 'It runs.' },
};

describe('the events of promotions', () => {
  for (const event of Object.values(events)) {
    it(`L-09a read back as they were written: ${event.type}`, () => {
      const input = buildPromotionInput('p-1', event);
      assert.equal(input.version, 1);
      assert.deepEqual(parsePromotionEvent(JSON.parse(JSON.stringify(input))), event);
      assert.equal(findUnreadable(input), undefined);
    });
  }

  it('L-09a are refused with the reason when their version or payload is unknown', () => {
    const input = buildPromotionInput('p-1', events['step.spawned']);
    assert.match(findUnreadable({ ...input, version: 2 }) ?? '', /no version 2 of step\.spawned/);
    assert.match(findUnreadable({ ...input, version: 0 }) ?? '', /no version 0/);
    assert.match(findUnreadable({ ...input, payload: { stepId: 's' } }) ?? '', /pid/);
    assert.match(findUnreadable({ ...input, payload: null }) ?? '', /stepId/);
    assert.match(findUnreadable({ ...input, type: 'constructor' }) ?? '', /no event constructor/);
  });
});
