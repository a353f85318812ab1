import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { closeCodes } from '../../../daemon/protocol/closeCodes.ts';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import {
  type ConnectionAction,
  type ConnectionState,
  reduceConnection,
} from '../../../extension/connection/connectionState.ts';

const hello = {
  protocolVersion: 1,
  daemon: { version: '1.0.0', pid: 1, startedAt: '', home: '', host: 'here', logFile: '' },
  person: 'ada',
  head: 0,
};
const connected: ConnectionAction = { type: 'connected', hello };
const failed: ConnectionAction = {
  type: 'attemptFailed',
  error: new SlipwayError('storeTooNew', 'The store is newer.'),
  retryInMs: 1,
};
const lost: ConnectionAction = { type: 'lost', closed: { code: 1006, message: 'gone' } };

function run(...actions: readonly ConnectionAction[]): ConnectionState {
  return actions.reduce(reduceConnection, { kind: 'disconnected' } as ConnectionState);
}

describe('the state of the connection', () => {
  it('starts, then is connected', () => {
    assert.deepEqual(run({ type: 'connecting' }), { kind: 'starting' });
    assert.deepEqual(run({ type: 'connecting' }, connected), { kind: 'connected', hello });
  });

  it('fails at once when the first attempt fails, with what to do', () => {
    assert.deepEqual(run({ type: 'connecting' }, failed), {
      kind: 'failed',
      code: 'storeTooNew',
      reason: 'The store is newer.',
      next: 'Update Slipway: a newer version has written this store.',
    });
  });

  it('stays failed while it tries again, until it is connected', () => {
    assert.equal(run({ type: 'connecting' }, failed, { type: 'connecting' }).kind, 'failed');
    assert.equal(run({ type: 'connecting' }, failed, { type: 'connecting' }, connected).kind, 'connected');
  });

  it('reconnects quietly twice before it is a failure', () => {
    const kinds = [1, 2, 3].map(count => run(connected, lost, ...Array(count).fill(failed)).kind);
    assert.deepEqual(kinds, ['reconnecting', 'reconnecting', 'failed']);
  });

  it('says why the connection was lost', () => {
    const reasonOf = (reason: keyof typeof closeCodes) => {
      const state = run(connected, {
        type: 'lost',
        closed: { code: closeCodes[reason], reason, message: `said ${reason}` },
      });
      return state.kind === 'reconnecting' ? state.reason : '';
    };
    assert.match(reasonOf('retiring'), /makes way/);
    assert.match(reasonOf('stopping'), /was stopped/);
    assert.match(reasonOf('tooSlow'), /said tooSlow/);
    const state = run(connected, lost);
    assert.match(state.kind === 'reconnecting' ? state.reason : '', /promotions go on/);
  });

  it('is incompatible when the two speak different protocols', () => {
    const error = new SlipwayError('protocolMismatch', 'Different.');
    const state = run(connected, lost, { type: 'attemptFailed', error, retryInMs: 1 });
    assert.equal(state.kind, 'incompatible');
  });

  it('shows that an older daemon goes on', () => {
    const state = run(connected, { type: 'keptOlder', reason: 'A promotion is running.' });
    assert.equal(state.kind === 'connected' ? state.notice : '', 'A promotion is running.');
  });

  it('turns an error of no known kind into one with a next step', () => {
    const state = run({ type: 'attemptFailed', error: new Error('odd'), retryInMs: 1 });
    assert.ok(state.kind === 'failed');
    assert.equal(state.reason, 'odd');
    assert.match(state.next, /Show Log/);
  });

  it('ends disconnected', () => {
    assert.deepEqual(run(connected, { type: 'disposed' }), { kind: 'disconnected' });
  });
});
