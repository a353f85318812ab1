import assert from 'node:assert/strict';
import { buildDaemonState, type DaemonState } from '../../../../extension/state/daemonState.ts';

const connected: DaemonState = { state: 'connected', person: 'alice', host: 'vm', version: '0.1.0' };

describe('how the window stands with its daemon', () => {
  it('keeps since when what is shown may be old while attempts go on', () => {
    const lost = buildDaemonState(connected, { kind: 'reconnecting', reason: 'gone', attempts: 0 }, 'first');
    const failed = buildDaemonState(
      lost,
      { kind: 'failed', code: 'storeFailed', reason: 'gone', next: 'wait' },
      'later',
    );
    assert.deepEqual(lost, { state: 'reconnecting', reason: 'gone', since: 'first' });
    assert.deepEqual(failed, {
      state: 'disconnected',
      code: 'storeFailed',
      reason: 'gone',
      next: 'wait',
      since: 'first',
    });
  });

  it('names person, host and version of the daemon', () => {
    const state = buildDaemonState(
      { state: 'starting' },
      {
        kind: 'connected',
        notice: 'An older daemon goes on.',
        hello: {
          protocolVersion: 1,
          daemon: {
            version: '0.2.0',
            pid: 1,
            startedAt: '',
            home: '/home',
            host: 'vm',
            logFile: '/home/daemon.log',
          },
          person: 'alice',
          head: 3,
        },
      },
      'now',
    );
    assert.deepEqual(state, { ...connected, version: '0.2.0', notice: 'An older daemon goes on.' });
  });
});
