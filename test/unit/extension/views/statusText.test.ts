import assert from 'node:assert/strict';
import type { EnvironmentView } from '../../../../daemon/protocol/environment.ts';
import { buildStatusText } from '../../../../extension/views/statusText.ts';
import {
  aCause,
  anEnvironment,
  anOpenState,
  aPromotion,
  aRepository,
  aStoreState,
  aWorkload,
  someWords,
} from '../../../builders/views.ts';

const words = someWords();
const build = (...values: Parameters<typeof anOpenState>) => buildStatusText(anOpenState(...values), words);

describe('the text of the status bar', () => {
  it('P-16o says what keeps an environment away, and calls nothing unreachable that answers', () => {
    const text = (...connections: EnvironmentView['connection'][]) => {
      const environments = connections.map((connection, index) =>
        anEnvironment({ name: `e${index}`, connection, running: [], workloads: [], health: 'unknown' }),
      );
      return buildStatusText(anOpenState(aRepository({ environments })), words);
    };
    const wrong = { state: 'wrongCluster', reason: 'It is another cluster.' } as const;
    const expired = { state: 'failed', code: 'loginExpired', reason: 'The login has expired.' } as const;
    const away = { state: 'failed', code: 'clusterUnreachable', reason: 'It does not answer.' } as const;
    assert.match(text(wrong)?.text ?? '', /Slipway: e0: wrong cluster$/);
    assert.match(text(wrong)?.tooltip ?? '', /^e0: wrong cluster$/m);
    assert.match(text(away, expired)?.text ?? '', /Slipway: e0: not reachable, e1: login expired$/);
    assert.match(text(away, away)?.text ?? '', /Slipway: e0, e1 not reachable$/);
  });

  it('says what is being promoted and how far it is', () => {
    const workloads = [aWorkload({ updated: 2, ready: 3 })];
    const status = build(
      aRepository({ environments: [anEnvironment({ workloads })], promotions: [aPromotion()] }),
    );
    assert.equal(status?.text, '$(sync~spin) Slipway: v2.1.0 \u2192 staging, 2 of 3 ready');
  });

  it('turns red when the promotion has a cause to fail', () => {
    const environments = [anEnvironment({ causes: [aCause()] })];
    const status = build(aRepository({ environments, promotions: [aPromotion()] }));
    assert.equal(status?.severity, 'error');
    assert.match(status?.tooltip ?? '', /agent-name-7f8-zzzzz: CrashLoopBackOff/);
  });

  it('says what runs in the last environment while nothing is promoted', () => {
    const environments = [anEnvironment({ name: 'development' }), anEnvironment({ name: 'production' })];
    assert.equal(
      build(aRepository({ environments }))?.text,
      '$(tag) Slipway: v2.0.0 in production (healthy)',
    );
  });

  it('names an environment that cannot be reached', () => {
    const connection = {
      state: 'stale' as const,
      reason: 'no route to host',
      staleSince: '2026-11-23T14:00:00.000Z',
    };
    const status = build(aRepository({ environments: [anEnvironment({ connection })] }));
    assert.equal(status?.text, '$(warning) Slipway: staging not reachable');
    assert.match(status?.tooltip ?? '', /staging: no route to host/);
  });

  it('says that there is no daemon', () => {
    const daemon = {
      state: 'disconnected' as const,
      code: 'daemonNotStarted',
      reason: 'It died.',
      next: 'Restart it.',
      since: '2026-11-23T14:00:00.000Z',
    };
    const status = build(aRepository(), { type: 'daemonChanged', daemon });
    assert.equal(status?.text, '$(warning) Slipway: no daemon');
    assert.equal(status?.tooltip, 'It died.\nRestart it.');
  });

  it('is not there in a window that has nothing to do with Slipway', () => {
    assert.equal(buildStatusText(aStoreState(), words), undefined);
  });
});
