import assert from 'node:assert/strict';
import type { Promotion } from '../../daemon/protocol/promotion.ts';
import type { FaultPoint } from '../../daemon/tools/process/faults.ts';
import {
  listLeftovers,
  listTools,
  readOutput,
  readSpoolFile,
  startPlan,
  waitForEnd,
  waitForHelm,
  waitForPromotion,
} from './crashDrill.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** The points at which the daemon kills itself, and how often the upgrade is then tried: once, wherever it ever began. */
const points: readonly { point: FaultPoint; title: string; attempts: number }[] = [
  {
    point: 'beforeSpawn',
    title: 'L-10a killed before the spawn, goes on and runs the step once',
    attempts: 2,
  },
  {
    point: 'spoolOpened',
    title: 'L-10a killed with an open spool and no shell, goes on and runs the step once',
    attempts: 2,
  },
  {
    point: 'shellSpawned',
    title: 'L-10b killed when the shell has just been started, does not run the step twice',
    // The shell may come after the claim: then it runs nothing.
    attempts: 2,
  },
  {
    point: 'spawned',
    title: 'L-10b killed before the pid is recorded, adopts the step and does not run it twice',
    attempts: 1,
  },
  { point: 'running', title: 'L-10c killed when the pid is recorded, adopts the step', attempts: 1 },
  {
    point: 'exited',
    title: 'L-10d killed after the exit and before the record, does not run the step again',
    attempts: 1,
  },
];

describe('a promotion whose daemon is killed', () => {
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('recovery');
  });
  afterEach(async () => bed?.stop());
  after(async () => bed?.dispose());

  async function readRevision(): Promise<number> {
    return (await bed.history('development')).at(-1)?.revision ?? 0;
  }

  /** Promotes the other release to development with a daemon that dies at the point, and lets a new one find it. */
  async function promoteAndDie(point: FaultPoint): Promise<Promotion> {
    await bed.open({ SLIPWAY_FAULT: point });
    const plan = await bed.plan('development', (await readRevision()) % 2 === 0 ? 'v2.0.0' : 'v2.1.0');
    await startPlan(bed, plan);
    await bed.waitForDeath();
    await bed.start();
    return waitForEnd(bed, plan.id);
  }

  for (const { point, title, attempts } of points) {
    it(title, async () => {
      const before = await readRevision();
      const promotion = await promoteAndDie(point);
      assert.equal(promotion.state, 'succeeded', promotion.reason);
      assert.equal(promotion.recoveries, 1);
      const [upgrade] = promotion.steps;
      assert.ok(upgrade);
      assert.equal(await readRevision(), before + 1, 'one revision, no more');
      assert.deepEqual(await listLeftovers(bed, 'development'), []);
      assert.deepEqual(upgrade.exit, { code: 0, reason: 'exited' });
      assert.ok(upgrade.attempt <= attempts, `attempt ${upgrade.attempt}`);
      const output = await readOutput(bed, promotion.id, upgrade.id);
      assert.equal(output, readSpoolFile(promotion, upgrade.id));
      assert.match(output, /STATUS: deployed\nREVISION: \d+\n/);
    });
  }

  it('L-10c killed by SIGKILL while helm waits, adopts the step and keeps its exit code and output', async () => {
    await bed.open();
    const before = await readRevision();
    const plan = await bed.plan('development', 'v2.1.1');
    assert.ok(await startPlan(bed, plan));
    await waitForHelm(bed, 'development', 'pending-upgrade');
    await bed.kill();
    const [helm] = listTools(bed).filter(({ words }) => /helm upgrade/.test(words) && !/sh -c/.test(words));
    assert.ok(helm, 'helm goes on without the daemon');
    await bed.start();
    const adopted = await waitForPromotion(bed, plan.id, {
      what: 'be adopted',
      satisfies: ({ recoveries }) => recoveries === 1,
    });
    assert.equal(adopted.steps[0]?.state, 'running');
    assert.ok(
      listTools(bed).some(({ pid }) => pid === helm.pid),
      'helm still waits',
    );
    const promotion = await waitForEnd(bed, plan.id);
    assert.equal(promotion.state, 'succeeded', promotion.reason);
    assert.equal(promotion.recoveries, 1);
    assert.deepEqual(promotion.steps[0]?.exit, { code: 0, reason: 'exited' });
    assert.equal(await readRevision(), before + 1);
    assert.match(await readOutput(bed, plan.id, 'upgrade-agent'), /STATUS: deployed\n/);
    assert.deepEqual(await listLeftovers(bed, 'development'), []);
  });
});
