import assert from 'node:assert/strict';
import type { Promotion } from '../../daemon/protocol/promotion.ts';
import { listLeftovers, startPlan, waitForEnd, waitForHelm } from './crashDrill.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

describe('a promotion that is cancelled', () => {
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('cancel');
    await bed.open();
    const first = await bed.promote('development', 'v2.0.0');
    assert.equal(first.state, 'succeeded', first.reason);
  });
  after(async () => bed?.dispose());

  async function promoteSlowly(): Promise<string> {
    const plan = await bed.plan('development', 'v2.1.1');
    await startPlan(bed, plan);
    await waitForHelm(bed, 'development', 'pending-upgrade');
    return plan.id;
  }

  /** What the person is told names Helm's newest row with Helm's own words, and the image that the workload has. */
  async function assertTold({ state, reason = '' }: Promotion): Promise<void> {
    assert.equal(state, 'cancelled', reason);
    const newest = (await bed.history('development')).at(-1);
    assert.equal(newest?.status, 'failed');
    assert.ok(
      reason.includes(`revision ${newest.revision} of kosmos is failed: ${newest.description}`),
      reason,
    );
    const image = await bed.readImage('development');
    assert.ok(reason.includes(`deployment/agent-name is set to ${image}`), reason);
    assert.deepEqual(await listLeftovers(bed, 'development'), []);
  }

  it('L-15d in mid-run ends as cancelled, and says what the cluster says', async () => {
    const promotionId = await promoteSlowly();
    const { promotion } = await bed.client.request('promotion.cancel', { promotionId });
    await assertTold(promotion);
    assert.equal(promotion.steps[0]?.exit?.reason, 'cancelled');
  });

  it('L-15d leaves the way free for the next promotion', async () => {
    const next = await bed.promote('development', 'v2.1.0');
    assert.equal(next.state, 'succeeded', next.reason);
    assert.equal((await bed.history('development')).at(-1)?.status, 'deployed');
  });

  it('stays cancelled when the daemon is killed before helm has ended', async () => {
    const promotionId = await promoteSlowly();
    const { client } = bed;
    const noted = new Promise<void>(resolve =>
      client.onNotification('promotion.changed', ({ promotion }) => {
        if (promotion.id === promotionId && promotion.cancelRequested) {
          resolve();
        }
      }),
    );
    const answer = client.request('promotion.cancel', { promotionId }).catch(() => undefined);
    await noted;
    await bed.kill();
    await answer;
    await bed.start();
    await assertTold(await waitForEnd(bed, promotionId));
  });
});
