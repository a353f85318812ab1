import assert from 'node:assert/strict';
import { userInfo } from 'node:os';
import { connectDaemon } from '../../daemon/client/connectDaemon.ts';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import { findDaemon } from '../../daemon/client/findDaemon.ts';
import { SlipwayError } from '../../daemon/protocol/errors.ts';
import type { Plan } from '../../daemon/protocol/plan.ts';
import { startPlan, waitForEnd, waitForHelm } from './crashDrill.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

describe('two people who promote to one environment', () => {
  let bed: PromotionBed;
  let other: DaemonClient;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('race');
    await bed.open();
    const lookup = findDaemon(bed.home);
    assert.ok(lookup.state === 'found');
    other = (await connectDaemon(lookup.discovery, { name: 'other', version: '0.1.0' })).client;
    const first = await bed.promote('development', 'v2.0.0');
    assert.equal(first.state, 'succeeded', first.reason);
  });
  after(async () => {
    other?.close();
    await bed?.dispose();
  });

  const start = (client: DaemonClient, { id: planId, digest: planDigest }: Plan) =>
    client.request('promotion.start', { planId, planDigest, confirmation: 'development' });

  function assertLocked(error: unknown, holder: Plan): void {
    assert.ok(error instanceof SlipwayError);
    assert.equal(error.code, 'locked', error.message);
    const { username } = userInfo();
    const { version } = holder.release;
    assert.match(
      error.message,
      new RegExp(`${username} has been promoting ${version} to development since 20`),
    );
  }

  it('L-18b L-18c at the same instant: one starts, the other hears who holds the lock', async () => {
    const plans = [await bed.plan('development', 'v2.1.0'), await bed.plan('development', 'v2.1.0')] as const;
    const answers = await Promise.allSettled([start(bed.client, plans[0]), start(other, plans[1])]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const winner = answers[0].status === 'fulfilled' ? plans[0] : plans[1];
    for (const answer of answers) {
      if (answer.status === 'rejected') {
        assertLocked(answer.reason, winner);
      }
    }
    assert.equal((await waitForEnd(bed, winner.id)).state, 'succeeded');
    assert.equal((await bed.history('development')).length, 2);
  });

  it('L-18b one after the other: the second hears who holds the lock, not that the world has changed', async () => {
    const [first, second] = [
      await bed.plan('development', 'v2.1.1'),
      await bed.plan('development', 'v2.0.0'),
    ] as const;
    await startPlan(bed, first);
    await waitForHelm(bed, 'development', 'pending-upgrade');
    const answers = await Promise.allSettled([start(other, second), bed.plan('development', 'v2.0.0')]);
    for (const answer of answers) {
      assert.ok(answer.status === 'rejected');
      assertLocked(answer.reason, first);
    }
    await bed.client.request('promotion.cancel', { promotionId: first.id });
  });
});
