import assert from 'node:assert/strict';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { runSoak } from './runSoak.ts';
import { clusterStartMs } from './sharedCluster.ts';

describe('a daemon that is killed at random moments', () => {
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('soak');
  });
  after(async () => bed?.dispose());

  it('L-10e L-10f runs no step twice, leaves nothing behind and loses nothing it has told', async function () {
    this.timeout(300_000);
    const lines: string[] = [];
    const result = await runSoak({ bed, kills: 12, seed: 20_260_101, onLine: line => lines.push(line) });
    assert.deepEqual(result.violations, [], lines.join('\n'));
    assert.ok(result.kills >= 12);
    assert.ok(result.promotions > 0);
    assert.ok(result.phases.size > 2, `the kills hit only ${[...result.phases.keys()].join(', ')}`);
  });
});
