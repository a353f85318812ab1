import assert from 'node:assert/strict';
import { buildDigest } from '../../../daemon/model/digest.ts';
import { allGatesPass } from '../../../daemon/model/gate.ts';
import { decideGates } from '../../../daemon/model/gates/decideGates.ts';
import type { GateInput } from '../../../daemon/model/gates/gateInput.ts';
import type { Environment } from '../../../daemon/model/procedure.ts';

const production: Environment = {
  name: 'production',
  after: 'staging',
  guarded: false,
  unavailable: [],
  policyHash: buildDigest('policy'),
  policyParts: [],
};

const commit = 'bea4344b0f8e5c1d2a3b4c5d6e7f8091a2b3c4d5';

function input(values: Partial<GateInput> = {}): GateInput {
  return {
    kind: 'regular',
    release: { version: 'v2.1.0', commit, digest: buildDigest('release') },
    environment: production,
    before: {
      name: 'staging',
      succeeded: { promotionId: 'p', at: '2026-01-01T00:00:00.000Z', person: 'alice' },
      running: [{ component: 'agent', version: 'v2.1.0' }],
    },
    enforcement: 'advice: kept on this machine',
    ...values,
  };
}

const stateOf = (kind: string, values: Partial<GateInput>) =>
  decideGates(input(values)).find(gate => gate.kind === kind);

describe('the order gate', () => {
  it('L-18a passes when we promoted it to the environment before, which still runs it', () => {
    assert.ok(allGatesPass(decideGates(input())));
  });

  it('L-18a holds when no promotion of this digest succeeded there', () => {
    const gate = stateOf('order', {
      before: { name: 'staging', running: [{ component: 'agent', version: 'v2.1.0' }] },
    });
    assert.equal(gate?.state, 'hold');
    assert.match(gate?.next ?? '', /Promote v2\.1\.0 to staging/);
  });

  it('L-18a holds when the environment before runs something else by now', () => {
    const before = {
      ...input().before,
      name: 'staging',
      running: [{ component: 'agent', version: 'v2.0.0', pattern: 'kosmos/agent:{version}' }],
    };
    assert.match(stateOf('order', { before })?.reason ?? '', /staging runs v2\.0\.0 now/);
  });

  const decideRunning = (running: NonNullable<NonNullable<GateInput['before']>['running']>) =>
    stateOf('order', { before: { ...input().before, name: 'staging', running } });

  it('L-18a passes when a version is told by the commit in an image', () => {
    const component = { component: 'agent', pattern: 'kosmos/agent:{commit}' };
    assert.equal(decideRunning([{ ...component, version: 'v2.1.0', commit }])?.state, 'pass');
    assert.equal(
      decideRunning([{ ...component, version: 'v2.1.1', commit }])?.state,
      'pass',
      'one commit, two tags',
    );
    assert.equal(decideRunning([{ ...component, version: 'v2.0.0', commit: 'a' }])?.state, 'hold');
    assert.equal(decideRunning([{ ...component, version: '0123456' }])?.state, 'hold', 'no release of ours');
    assert.equal(decideRunning([component])?.state, 'hold');
  });

  it('L-18a passes when a version is told by the number in an image', () => {
    const component = { component: 'agent', pattern: 'kosmos/agent:{number}' };
    assert.equal(decideRunning([{ ...component, version: 'v2.1.0' }])?.state, 'pass');
    assert.equal(decideRunning([{ ...component, version: 'v2.0.0' }])?.state, 'hold');
    assert.equal(decideRunning([component])?.state, 'hold', 'Helm’s record alone does not tell');
  });

  it('L-18a goes by who made helm’s revision where no image tells the version', () => {
    const agent = { component: 'agent', version: 'v2.1.0', pattern: 'kosmos/agent:{version}' };
    const redis = { component: 'redis', version: '7' };
    assert.equal(decideRunning([agent, { ...redis, promotionId: 'p' }])?.state, 'pass');
    assert.equal(decideRunning([agent, { component: 'settings', promotionId: 'p' }])?.state, 'pass');
    const gate = decideRunning([agent, { ...redis, promotionId: 'another' }]);
    assert.equal(gate?.state, 'hold');
    assert.equal(gate?.reason, 'redis in staging was changed after the promotion of v2.1.0: it runs 7 now.');
    assert.equal(decideRunning([agent, redis])?.state, 'hold', 'made by nobody of ours');
    assert.equal(
      decideRunning([agent, { ...redis, version: '8', helmVersion: '7', promotionId: 'p' }])?.state,
      'hold',
      'changed past helm',
    );
  });

  it('L-18a believes the image, not helm’s record, where the image tells the version', () => {
    const component = { component: 'agent', pattern: 'kosmos/agent:{version}', promotionId: 'p' };
    assert.equal(decideRunning([{ ...component, version: 'v2.0.0' }])?.state, 'hold');
  });

  it('is unknown, and so holds, when nobody can say what runs there', () => {
    const { running: _, ...before } = input().before ?? { name: 'staging' };
    const gates = decideGates(input({ before: { ...before, problem: 'stale since 10:00' } }));
    assert.equal(gates.find(gate => gate.kind === 'order')?.state, 'unknown');
    assert.equal(allGatesPass(gates), false);
  });

  it('does not hold a rollback', () => {
    assert.equal(stateOf('order', { kind: 'rollback', before: { name: 'staging' } }), undefined);
  });
});

describe('the lock gate', () => {
  it('L-18b says who holds it and since when', () => {
    const lock = { promotionId: 'p-9', person: 'bob', release: 'v2.0.0', since: '2026-01-01T02:00:00.000Z' };
    const gate = stateOf('lock', { lock });
    assert.equal(gate?.state, 'hold');
    assert.match(gate?.reason ?? '', /bob has been promoting v2\.0\.0 to production since 2026-01-01T02:00/);
  });

  it('L-18b holds a rollback too', () => {
    const lock = { promotionId: 'p-9', person: 'bob', release: 'v2.0.0', since: '2026-01-01T02:00:00.000Z' };
    assert.equal(stateOf('lock', { kind: 'rollback', lock })?.state, 'hold');
  });

  it('passes over a promotion that ended and needs a person, and says what starting means', () => {
    const lock = {
      promotionId: 'p',
      person: 'bob',
      release: 'v2.0.0',
      since: '2026-01-01T10:00:00.000Z',
      needsPersonSince: '2026-01-01T10:10:00.000Z',
    };
    const gate = stateOf('lock', { lock });
    assert.equal(gate?.state, 'pass');
    assert.match(
      gate?.reason ?? '',
      /v2\.0\.0 by bob ended at .* needs a person\. Starting this one says that you have looked/,
    );
  });
});

describe('a key whose gate is not built', () => {
  const environment: Environment = {
    ...production,
    unavailable: [{ kind: 'approvals', path: 'environments.production.approvals' }],
  };

  it('L-11b becomes an unknown gate that holds and names the key', () => {
    const gates = decideGates(input({ environment }));
    const gate = gates.find(candidate => candidate.kind === 'approvals');
    assert.equal(gate?.state, 'unknown');
    assert.match(gate?.reason ?? '', /environments\.production\.approvals.*not available yet/);
    assert.equal(allGatesPass(gates), false);
  });
});
