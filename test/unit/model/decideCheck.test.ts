import assert from 'node:assert/strict';
import { anyone } from '../../../daemon/model/check.ts';
import { decideCheck } from '../../../daemon/model/decideCheck.ts';
import { buildDigest } from '../../../daemon/model/digest.ts';
import { aCheck, aDigest, aTick, someCheckFacts } from '../../builders/checks.ts';

describe('a check', () => {
  it('P-02b holds until somebody ticks it, and says who can', () => {
    const status = decideCheck(aCheck(), someCheckFacts());
    assert.equal(status.state, 'hold');
    assert.match(status.reason, /Nobody has ticked it/);
    assert.equal(status.next, 'pm (alice) can tick it.');
    assert.equal(status.digest?.digest, aDigest().digest);
  });

  it('P-02b passes by a tick for what would be promoted now, and says by whom and when', () => {
    const status = decideCheck(aCheck(), someCheckFacts({ ticks: [aTick()] }));
    assert.equal(status.state, 'pass');
    assert.equal(status.reason, 'alice ticked it at 2026-01-01T00:00:00.000Z.');
    assert.equal(status.next, undefined);
  });

  it('P-02c is void when its digest changes, and says which part did', () => {
    const status = decideCheck(aCheck(), someCheckFacts({ ticks: [aTick()], plan: aDigest('3') }));
    assert.equal(status.state, 'hold');
    assert.match(
      status.reason,
      /The tick by alice .* is void: since then this changed: set: replicas of agent \(was 2, is 3\)\./,
    );
    assert.equal(status.tick, undefined);
    assert.equal(status.voided?.tick.person, 'alice');
    assert.equal(status.digest?.digest, aDigest('3').digest);
  });

  it('P-02c of scope release stays ticked when only the plan changes', () => {
    const { release } = someCheckFacts();
    const check = aCheck({ scope: 'release' });
    const ticks = [aTick({ scope: 'release', ...release })];
    assert.equal(decideCheck(check, someCheckFacts({ ticks, plan: aDigest('3') })).state, 'pass');
    const other = { ...release, digest: buildDigest('other') };
    assert.equal(decideCheck(check, someCheckFacts({ ticks, release: other })).state, 'hold');
  });

  it('P-02c does not take a tick of another scope or another check for its own', () => {
    for (const tick of [aTick({ scope: 'release' }), aTick({ checkId: 'c-2' })]) {
      assert.equal(decideCheck(aCheck(), someCheckFacts({ ticks: [tick] })).state, 'hold');
    }
  });

  it('P-02c of scope promotion is good for one promotion', () => {
    const check = aCheck({ scope: 'promotion' });
    const ticks = [aTick({ scope: 'promotion' })];
    const started = { promotionId: 'p-1', person: 'bob', at: '2026-01-02T00:00:00.000Z' };
    const before = someCheckFacts({ ticks, lastStarted: { ...started, sequence: 6 } });
    const after = someCheckFacts({ ticks, lastStarted: { ...started, sequence: 8 } });
    assert.equal(decideCheck(check, before).state, 'pass');
    const status = decideCheck(check, after);
    assert.equal(status.state, 'hold');
    assert.match(status.reason, /good for one promotion, and bob started p-1 at 2026-01-02/);
    assert.equal(
      decideCheck(aCheck(), someCheckFacts({ ticks: [aTick()], lastStarted: { ...started, sequence: 8 } }))
        .state,
      'pass',
    );
  });

  it('P-02c is void when who ticked it is not in the role any more', () => {
    const proof = { kind: 'tick', role: 'pm', people: ['paul'] } as const;
    const status = decideCheck(aCheck({ proof }), someCheckFacts({ ticks: [aTick()] }));
    assert.equal(status.state, 'hold');
    assert.match(status.reason, /alice is not in the role/);
  });

  it('P-02b can be for anyone', () => {
    const proof = { kind: 'tick', role: anyone, people: [] } as const;
    const status = decideCheck(aCheck({ proof }), someCheckFacts());
    assert.equal(status.next, 'Anyone can tick it.');
    const ticked = decideCheck(aCheck({ proof }), someCheckFacts({ ticks: [aTick({ person: 'eve' })] }));
    assert.equal(ticked.state, 'pass');
  });

  it('P-01e is unknown while nobody knows the cluster, and asks to connect', () => {
    const { plan: _, ...facts } = someCheckFacts({ ticks: [aTick()] });
    const status = decideCheck(aCheck(), facts);
    assert.equal(status.state, 'unknown');
    assert.match(status.reason, /names no cluster for production and nobody has connected it/);
    assert.equal(status.next, 'Connect production first.');
    assert.equal(decideCheck(aCheck({ scope: 'release' }), facts).state, 'hold');
  });

  it('P-02d that needs a probe is unknown and holds; a tick does not help', () => {
    const check = aCheck({ proof: { kind: 'probe', probe: 'junit' } });
    const status = decideCheck(check, someCheckFacts({ ticks: [aTick()] }));
    assert.equal(status.state, 'unknown');
    assert.match(status.reason, /junit.*not available yet/);
    assert.equal(status.digest, undefined);
  });
});
