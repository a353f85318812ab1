import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import { findHelmProblem } from '../../daemon/tools/helm/helmProblem.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { listLeftovers, startPlan, waitForEnd, waitForHelm } from './crashDrill.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** How long the API server is away, in milliseconds. */
const outageMs = 10_000;

describe('an API server that is away in mid-promotion', () => {
  let bed: PromotionBed;
  let views: EnvironmentView[];

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('outage');
    await bed.open();
    const first = await bed.promote('development', 'v2.0.0');
    assert.equal(first.state, 'succeeded', first.reason);
    views = [];
    bed.client.onNotification('environment.changed', ({ environment }) => {
      if (environment.name === 'development') {
        views.push(environment);
      }
    });
  });
  after(async () => bed?.dispose());

  it('L-13f L-13g is said within 5 s, recovers by itself, and the promotion ends with the truth', async () => {
    const plan = await bed.plan('development', 'v2.1.1');
    await startPlan(bed, plan);
    await waitForHelm(bed, 'development', 'pending-upgrade');
    const stopped = Date.now();
    await bed.cluster.sandbox.stopApiServer();
    try {
      await waitFor('a stale environment', async () => views.at(-1)?.connection.state === 'stale', {
        limitMs: 5_000,
      });
      const { connection } = views.at(-1) ?? assert.fail();
      const since = Date.parse(connection.staleSince ?? '');
      assert.ok(since > stopped - 2_000 && since < Date.now(), connection.staleSince);
      // What was known stays there to be read, and the daemon answers.
      assert.ok((views.at(-1)?.workloads.length ?? 0) > 0);
      assert.equal((await bed.client.request('journal.verify', {})).ok, true);
      await pause(Math.max(0, stopped + outageMs - Date.now()));
    } finally {
      await bed.cluster.sandbox.startApiServer();
    }
    await waitFor('a live environment', async () => views.at(-1)?.connection.state === 'live', {
      limitMs: 30_000,
    });
    const promotion = await waitForEnd(bed, plan.id, 90_000);
    const own = (await bed.history('development')).find(({ revision }) => revision === 2);
    const image = await bed.readImage('development');
    const truths: Record<string, () => void> = {
      succeeded: () => {
        assert.equal(own?.status, 'deployed');
        assert.equal(image, 'kosmos/agent:v2.1.1');
      },
      failed: () => {
        assert.equal(own?.status, 'failed');
        // An API server that has just begun may refuse helm what it allows a moment later: that is said in people's words.
        const said = [own.description, findHelmProblem(own.description)?.sentence ?? own.description];
        assert.ok(
          said.some(words => promotion.reason?.includes(words)),
          promotion.reason,
        );
        assert.ok(promotion.reason?.includes(image), promotion.reason);
      },
      rolledBack: () => assert.equal(image, 'kosmos/agent:v2.0.0'),
    };
    const proof = truths[promotion.state] ?? assert.fail(`${promotion.state}: ${promotion.reason}`);
    proof();
    assert.deepEqual(await listLeftovers(bed, 'development'), []);
  });
});
