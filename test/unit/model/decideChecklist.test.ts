import assert from 'node:assert/strict';
import type { Check } from '../../../daemon/model/check.ts';
import type { CheckFacts } from '../../../daemon/model/decideCheck.ts';
import { buildDigest } from '../../../daemon/model/digest.ts';
import { allGatesPass } from '../../../daemon/model/gate.ts';
import { decideGates } from '../../../daemon/model/gates/decideGates.ts';
import type { GateInput } from '../../../daemon/model/gates/gateInput.ts';
import { aCheck, aDigest, aTick, someCheckFacts } from '../../builders/checks.ts';

const second = aCheck({ id: 'c-2', text: 'Backup verified' });

function decide(checks: readonly Check[], facts: CheckFacts | undefined, values: Partial<GateInput> = {}) {
  return decideGates({
    kind: 'regular',
    release: { version: 'v2.1.0', commit: 'bea4344', digest: buildDigest('release') },
    environment: {
      name: 'production',
      guarded: false,
      checklist: { name: 'pre-deployment', checks },
      unavailable: [],
      policyHash: buildDigest('policy'),
      policyParts: [],
    },
    ...(facts ? { checks: facts } : {}),
    enforcement: 'advice: kept on this machine',
    ...values,
  });
}

const gateOf = (...args: Parameters<typeof decide>) =>
  decide(...args).find(({ kind }) => kind === 'checklist');

describe('the checklist gate', () => {
  it('P-03a holds while a check is open, and names each with who can clear it', () => {
    const gates = decide([aCheck(), second], someCheckFacts({ ticks: [aTick()] }));
    const gate = gates.find(({ kind }) => kind === 'checklist');
    assert.equal(gate?.state, 'hold');
    assert.equal(gate?.title, 'Checklist: pre-deployment');
    assert.equal(gate?.reason, '1 of 2 checks is open. "Backup verified": not ticked.');
    assert.equal(gate?.next, 'pm (alice) can tick it.');
    assert.deepEqual(gate?.action, { command: 'showChecklist', environment: 'production' });
    assert.equal(allGatesPass(gates), false);
  });

  it('P-03a passes when every check is ticked, and says since when', () => {
    const ticks = [aTick(), aTick({ checkId: 'c-2', at: '2026-01-02T00:00:00.000Z', sequence: 9 })];
    const gates = decide([aCheck(), second], someCheckFacts({ ticks }));
    const gate = gates.find(({ kind }) => kind === 'checklist');
    assert.equal(gate?.state, 'pass');
    assert.equal(gate?.since, '2026-01-02T00:00:00.000Z');
    assert.equal(gate?.reason, 'All 2 checks are ticked, the last one by alice.');
    assert.ok(allGatesPass(gates));
  });

  it('P-02c says once which part changed, whatever the number of ticks that it voids', () => {
    const ticks = [aTick(), aTick({ checkId: 'c-2' })];
    const gate = gateOf([aCheck(), second], someCheckFacts({ ticks, plan: aDigest('3') }));
    assert.equal(
      gate?.reason,
      '2 of 2 checks are open. "Change request approved", "Backup verified": ticked, but void: ' +
        'since then this changed: set: replicas of agent (was 2, is 3).',
    );
  });

  it('P-02d is unknown, and so holds, when only probes are missing', () => {
    const probe = aCheck({ id: 'c-2', text: 'All tests passing', proof: { kind: 'probe', probe: 'junit' } });
    const gates = decide([aCheck(), probe], someCheckFacts({ ticks: [aTick()] }));
    assert.equal(gates.find(({ kind }) => kind === 'checklist')?.state, 'unknown');
    assert.equal(allGatesPass(gates), false);
    assert.equal(gateOf([aCheck(), probe], someCheckFacts())?.state, 'hold');
  });

  it('P-03a is unknown, and so holds, when nobody gathered what it is decided from', () => {
    assert.equal(gateOf([aCheck()], undefined)?.state, 'unknown');
  });

  it('P-03c never holds a rollback', () => {
    assert.equal(gateOf([aCheck()], someCheckFacts(), { kind: 'rollback' }), undefined);
  });

  it('P-03a holds an emergency like a regular promotion', () => {
    assert.equal(gateOf([aCheck()], someCheckFacts(), { kind: 'emergency' })?.state, 'hold');
  });
});
