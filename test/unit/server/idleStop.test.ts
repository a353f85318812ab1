import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { defaultIdleMs, parseIdleLimit, startIdleStop } from '../../../daemon/server/idleStop.ts';
import { waitUntil } from '../../daemon/server/testFolder.ts';

describe('the idle stop', () => {
  it('L-06j comes once, when there is neither a client nor a reason to live for the whole limit', async () => {
    let clients = 1;
    let busy = ['a promotion runs'];
    let stops = 0;
    let freeSince = 0;
    const idle = startIdleStop({
      limitMs: 200,
      clients: () => clients,
      busy: () => busy,
      onIdle: () => stops++,
    });
    const begun = performance.now();
    await waitUntil('three times the limit', () => performance.now() - begun > 600);
    assert.equal(stops, 0);
    clients = 0;
    await waitUntil('three times the limit', () => performance.now() - begun > 1_200);
    assert.equal(stops, 0, 'it stopped although there was a reason to live');
    busy = [];
    freeSince = performance.now();
    await waitUntil('the stop', () => stops > 0);
    assert.ok(performance.now() - freeSince >= 200);
    await waitUntil('some more time', () => performance.now() - freeSince > 600);
    assert.equal(stops, 1);
    idle.dispose();
  });

  it('P-11g comes at once when it is hastened, but not before the last reason to live is gone', async () => {
    let busy = ['a promotion runs'];
    let stops = 0;
    const idle = startIdleStop({
      limitMs: 600_000,
      clients: () => 0,
      busy: () => busy,
      onIdle: () => stops++,
    });
    idle.hasten();
    const begun = performance.now();
    await waitUntil('some time', () => performance.now() - begun > 500);
    assert.equal(stops, 0);
    busy = [];
    await waitUntil('the stop', () => stops > 0);
    await waitUntil('some more time', () => performance.now() - begun > 1_000);
    assert.equal(stops, 1);
    idle.dispose();
  });

  it('L-06j takes its limit from SLIPWAY_IDLE_SECONDS, when that is a positive number', () => {
    assert.equal(parseIdleLimit('30'), 30_000);
    assert.equal(parseIdleLimit('0.5'), 500);
    for (const text of [undefined, '', '0', '-1', 'soon', 'Infinity', 'NaN']) {
      assert.equal(parseIdleLimit(text), defaultIdleMs);
    }
  });
});
