import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { buildDigest } from '../../../daemon/model/digest.ts';
import { buildPlanDigest, type PlanDigestInput } from '../../../daemon/model/digests/planDigest.ts';
import { aStep } from '../../builders/plan.ts';

const input = (id: string, values: Partial<PlanDigestInput> = {}): PlanDigestInput => ({
  promotionId: id,
  kind: 'regular',
  releaseDigest: buildDigest('release'),
  environment: 'staging',
  clusterId: 'uid',
  policyHash: buildDigest('policy'),
  values: { 'values-staging.yaml': 'replicas: 2' },
  steps: [
    aStep({
      command: { tool: 'helm', args: [{ text: `--labels=slipway.dev/promotion=${id}`, added: true }] },
    }),
  ],
  ...values,
});

describe('the plan digest', () => {
  it('is the same for the same intent planned twice', () => {
    assert.equal(buildPlanDigest(input('p-1')), buildPlanDigest(input('p-2')));
  });

  it('leaves the numbers of live revisions out', () => {
    const steps = [aStep({ input: { release: 'kosmos', namespace: 'kosmos', baseRevision: '7' } })];
    const others = [aStep({ input: { release: 'kosmos', namespace: 'kosmos', baseRevision: '8' } })];
    assert.equal(buildPlanDigest(input('p', { steps })), buildPlanDigest(input('p', { steps: others })));
  });

  it('changes with everything that an approval is for', () => {
    const changed = [
      input('p', { releaseDigest: buildDigest('other') }),
      input('p', { environment: 'production' }),
      input('p', { clusterId: 'other' }),
      input('p', { policyHash: buildDigest('other') }),
      input('p', { values: { 'values-staging.yaml': 'replicas: 3' } }),
      input('p', { kind: 'rollback' }),
      input('p', { steps: [] }),
    ];
    assert.equal(new Set([input('p'), ...changed].map(buildPlanDigest)).size, changed.length + 1);
  });

  it('changes with any text of an argument', () => {
    void fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        const of = (text: string) =>
          buildPlanDigest(
            input('\u0001', {
              steps: [aStep({ command: { tool: 'helm', args: [{ text, added: false }] } })],
            }),
          );
        return (of(left) === of(right)) === (left === right);
      }),
    );
  });
});
