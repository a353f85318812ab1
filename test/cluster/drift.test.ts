import assert from 'node:assert/strict';
import { SlipwayError } from '../../daemon/protocol/errors.ts';
import type { Plan } from '../../daemon/protocol/plan.ts';
import { start } from '../../sandbox/promoteOnce.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** A matcher for `assert.rejects`. */
function staleBy(pattern: RegExp) {
  return (error: unknown) =>
    error instanceof SlipwayError && error.code === 'planStale' && pattern.test(error.message);
}

describe('a plan that was read a while ago', () => {
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('drift');
    await bed.open();
    const { state, reason } = await bed.promote('development', 'v2.0.0');
    assert.equal(state, 'succeeded', reason);
  });
  after(async () => bed?.dispose());

  const startNow = (plan: Plan) =>
    bed.client.request('promotion.start', {
      planId: plan.id,
      planDigest: plan.digest,
      confirmation: plan.target.environment,
    });

  it('is not started when somebody set an image meanwhile, and the image is named', async () => {
    const plan = await bed.plan('development', 'v2.1.0');
    const namespace = bed.namespaces.development;
    await bed.cluster.kubectl([
      'set',
      'image',
      'deployment/agent-name',
      'agent=kosmos/agent:v2.0.7',
      '-n',
      namespace,
    ]);
    await assert.rejects(startNow(plan), staleBy(/v2\.0\.0 and is set to kosmos\/agent:v2\.0\.7/));
  });

  it('is not started when somebody ran helm meanwhile, and the revisions are named', async () => {
    const plan = await bed.plan('development', 'v2.1.0');
    await bed.helm(
      'development',
      'upgrade',
      'kosmos',
      './charts/kosmos',
      '--reuse-values',
      '--set',
      'replicas=1',
      '--force-conflicts',
    );
    await assert.rejects(
      startNow(plan),
      staleBy(/newest revision of kosmos was 1 \(deployed\) and is 2 \(deployed\)/),
    );
  });

  it('is started when nothing has changed', async () => {
    const plan = await bed.plan('development', 'v2.1.0');
    const begin = performance.now();
    const startedAt = new Promise<number>(resolve => {
      const stop = bed.client.onNotification('promotion.changed', ({ promotion }) => {
        if (promotion.id === plan.id && promotion.startedAt !== undefined) {
          stop();
          resolve(performance.now());
        }
      });
    });
    const promotion = await start(bed.client, plan);
    console.log(`      from promotion.start to started: ${Math.round((await startedAt) - begin)} ms`);
    assert.equal(promotion.state, 'succeeded', promotion.reason);
  });
});
