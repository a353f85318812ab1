import assert from 'node:assert/strict';
import { listLeftovers, listTools, startPlan, waitForEnd, waitForHelm } from './crashDrill.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

describe('a helm that is killed in mid-run', () => {
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('killed');
    await bed.open();
  });
  after(async () => bed?.dispose());

  /** Starts v2.1.1, waits until helm holds the release, and returns the promotion's id. */
  async function promoteSlowly(status: 'pending-install' | 'pending-upgrade'): Promise<string> {
    const plan = await bed.plan('development', 'v2.1.1');
    await startPlan(bed, plan);
    await waitForHelm(bed, 'development', status);
    return plan.id;
  }

  /** Kills helm, and with `shell` its shell too, as a machine that goes down does. */
  function killHelm({ shell }: { shell: boolean }): void {
    const tools = listTools(bed).filter(({ words }) => words.includes('helm upgrade'));
    const killed = tools.filter(({ words }) => shell || !words.startsWith('/bin/sh'));
    assert.equal(killed.length, shell ? 2 : 1, JSON.stringify(tools));
    for (const { pid } of killed) {
      process.kill(pid, 'SIGKILL');
    }
  }

  it('at a first installation, daemon and shell too, is taken away and leaves the environment free', async () => {
    const id = await promoteSlowly('pending-install');
    await bed.kill();
    killHelm({ shell: true });
    await bed.open();
    const promotion = await waitForEnd(bed, id);
    assert.equal(promotion.state, 'rolledBack', promotion.reason);
    assert.match(promotion.reason ?? '', /pending-install/);
    assert.deepEqual(await bed.history('development'), []);
    assert.deepEqual(await listLeftovers(bed, 'development'), []);
    const next = await bed.promote('development', 'v2.0.0');
    assert.equal(next.state, 'succeeded', next.reason);
    assert.equal((await bed.history('development')).length, 1);
  });

  it('with the daemon dead is repaired by the daemons after it, back to the good revision', async () => {
    const id = await promoteSlowly('pending-upgrade');
    await bed.kill();
    killHelm({ shell: false });
    // The next daemon dies as well, as it is about to repair; the one after that goes on with the repair.
    await bed.start({ SLIPWAY_FAULT: 'beforeSpawn' });
    await bed.waitForDeath();
    await bed.open();
    const promotion = await waitForEnd(bed, id);
    assert.equal(promotion.state, 'rolledBack', promotion.reason);
    assert.equal(promotion.recoveries, 2);
    assert.deepEqual(promotion.steps[0]?.exit, { code: 137, reason: 'exited' });
    await assertRolledBack(1);
  });

  it('under a living daemon is repaired at once', async () => {
    const { revision: good = 0 } = (await bed.history('development')).at(-1) ?? {};
    const id = await promoteSlowly('pending-upgrade');
    killHelm({ shell: false });
    const promotion = await waitForEnd(bed, id);
    assert.equal(promotion.state, 'rolledBack', promotion.reason);
    assert.equal(promotion.recoveries, 0);
    await assertRolledBack(good);
    const next = await bed.promote('development', 'v2.1.0');
    assert.equal(next.state, 'succeeded', next.reason);
  });

  async function assertRolledBack(good: number): Promise<void> {
    const newest = (await bed.history('development')).at(-1);
    assert.equal(newest?.status, 'deployed');
    assert.equal(newest.description, `Rollback to ${good}`);
    assert.equal(await bed.readImage('development'), 'kosmos/agent:v2.0.0');
    assert.deepEqual(await listLeftovers(bed, 'development'), []);
  }
});
