import assert from 'node:assert/strict';
import {
  type ConnectionFacts,
  decideConnection,
  type WatchFacts,
} from '../../../daemon/model/connectionState.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const live: WatchFacts = { state: 'live' };
const broken = (
  since: number,
  kind: 'other' | 'forbidden' | 'loginExpired' | 'wrongCluster' = 'other',
): WatchFacts => ({
  state: 'stale',
  staleSince: since,
  problem: { kind, code: kind, message: `it is ${kind}.`, next: `Mend ${kind}.` },
});
const decide = (facts: Partial<ConnectionFacts>) =>
  decideConnection({ context: 'production', wasLive: true, watches: [live], now, ...facts });

describe('the state of a connection', () => {
  it('is connecting until every watch has its first list', () => {
    assert.equal(decide({ wasLive: false, watches: [live, { state: 'syncing' }] }).state, 'connecting');
    assert.equal(decide({ wasLive: false, watches: [live, live] }).state, 'live');
  });

  it('L-13f is stale as soon as the API server does not answer, since it last did', () => {
    const status = decide({
      unreachable: { since: now - 2_000, message: 'It does not answer.', next: 'Wait.' },
    });
    assert.deepEqual(status, {
      state: 'stale',
      context: 'production',
      reason: 'It does not answer.',
      code: 'clusterUnreachable',
      next: 'Wait.',
      staleSince: '2026-11-23T11:59:58.000Z',
    });
  });

  it('L-13f has failed when the API server never answered, with nothing to be stale', () => {
    const status = decide({
      wasLive: false,
      unreachable: { since: now, message: 'It does not answer.', next: 'Wait.' },
    });
    assert.deepEqual(status, {
      state: 'failed',
      context: 'production',
      reason: 'It does not answer.',
      code: 'clusterUnreachable',
      next: 'Wait.',
    });
  });

  it('L-13g says nothing of a watch that is back within a second, and looks again then', () => {
    const watches = [live, broken(now - 400)];
    assert.deepEqual(decide({ watches }), {
      state: 'live',
      context: 'production',
      decideAgainAt: now + 600,
    });
    assert.equal(decide({ watches, now: now + 600 }).state, 'stale');
  });

  it('L-13g is stale since the first watch broke', () => {
    const status = decide({ watches: [broken(now - 5_000), live, broken(now - 9_000)] });
    assert.equal(status.staleSince, '2026-11-23T11:59:51.000Z');
  });

  it('says the wrong cluster before all else', () => {
    const watches = [broken(now, 'forbidden'), broken(now, 'wrongCluster'), broken(now, 'loginExpired')];
    const status = decide({ watches, unreachable: { since: now, message: '', next: 'Wait.' } });
    assert.equal(status.state, 'wrongCluster');
    assert.equal(status.reason, 'it is wrongCluster.');
  });

  it('names a missing right once', () => {
    const status = decide({
      wasLive: false,
      watches: [broken(now, 'forbidden'), broken(now, 'forbidden'), live],
    });
    assert.deepEqual(status, {
      state: 'forbidden',
      context: 'production',
      reason: 'it is forbidden.',
      code: 'forbidden',
      next: 'Mend forbidden.',
    });
  });

  it('has failed when the login has expired', () => {
    assert.equal(decide({ watches: [broken(now, 'loginExpired')] }).state, 'failed');
  });
});
