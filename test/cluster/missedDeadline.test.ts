import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rollBack, start } from '../../sandbox/promoteOnce.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { listTools, startPlan, waitForEnd, waitForHelm } from './crashDrill.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';
import { holdReplicaSets } from './slowController.ts';

/** How often the way back is gone; more by SLIPWAY_ROUNDS, to prove that it is no matter of luck. */
const rounds = Number(process.env['SLIPWAY_ROUNDS'] ?? 3);
const good = 'v2.3.0';
const bad = 'v2.3.1-crash';

/**
 * The Deployment controller says "ProgressDeadlineExceeded" of the failed rollout for a moment after the template of
 * the one before is back: with one replica nothing tells it that there is progress until the failed pod has gone.
 */
describe('right after a missed progress deadline', () => {
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('deadline');
    await edit('charts/kosmos/templates/deployment.yaml', text =>
      text.replace('progressDeadlineSeconds: 60', 'progressDeadlineSeconds: 6'),
    );
    for (const tag of [good, bad]) {
      await bed.git('commit', '--quiet', '--all', '--allow-empty', '--message', `Release ${tag}`);
      await bed.git('tag', '--annotate', '--message', tag, tag);
    }
    await bed.open();
    await promoteWell(good);
  });
  after(async () => bed?.dispose());

  async function edit(file: string, change: (text: string) => string): Promise<void> {
    const path = join(bed.repositoryFolder, file);
    await writeFile(path, change(await readFile(path, 'utf8')));
  }

  async function promoteWell(release: string): Promise<void> {
    const { state, reason } = await bed.promote('development', release);
    assert.equal(state, 'succeeded', reason);
  }

  async function missDeadline(): Promise<void> {
    const { state, reason } = await bed.promote('development', bad);
    assert.equal(state, 'failed', reason);
    assert.match(reason ?? '', /exceeded its progress deadline/);
  }

  async function goBack(): Promise<void> {
    const { id: repositoryId } = bed.repository;
    const { state, reason } = await rollBack(bed.client, { repositoryId, environment: 'development' });
    assert.equal(state, 'succeeded', reason);
    assert.equal(await bed.readImage('development'), `kosmos/agent:${good}`);
    assert.equal((await bed.history('development')).at(-1)?.status, 'deployed');
  }

  async function waitForVerdict(): Promise<void> {
    const path = 'jsonpath={.status.conditions[?(@.type=="Progressing")].reason}';
    const args = ['get', 'deployment/agent-name', '-n', bed.namespaces.development, '-o', path];
    await waitFor(
      'the verdict',
      async () => (await bed.cluster.kubectl(args)) === 'ProgressDeadlineExceeded',
      { limitMs: 90_000 },
    );
  }

  /** The old verdict stands for longer than a failure has to stay to be believed. */
  async function staysVerifying(): Promise<void> {
    const { id: repositoryId } = bed.repository;
    let since: number | undefined;
    await waitFor(
      'a long look at the workloads',
      async () => {
        const { promotions } = await bed.client.request('promotion.list', { repositoryId, limit: 1 });
        const verifying = promotions[0]?.steps.find(
          ({ id, state }) => id.startsWith('verify') && state === 'running',
        );
        since ??= verifying && Date.now();
        return since !== undefined && Date.now() - since > 8_000;
      },
      { limitMs: 60_000 },
    );
    await waitForVerdict();
    const { promotions } = await bed.client.request('promotion.list', { repositoryId, limit: 1 });
    assert.equal(promotions[0]?.endedAt, undefined, promotions[0]?.reason);
  }

  it('L-21a rolls back at once and ends well, every time', async function () {
    this.timeout(rounds * 180_000);
    for (let round = 1; round <= rounds; round += 1) {
      await missDeadline();
      await goBack();
    }
  });

  it('L-21a waits for a slow controller, whose verdict is on the rollout before', async function () {
    this.timeout(180_000);
    await missDeadline();
    const held = await holdReplicaSets(bed.cluster, bed.namespaces.development);
    const back = goBack();
    try {
      await waitForHelm(bed, 'development', 'deployed');
      await staysVerifying();
    } finally {
      await held.release();
    }
    await back;
  });

  it('L-21a promotes the good release again with a slow controller, by a plan that says how helm waits', async function () {
    this.timeout(180_000);
    await missDeadline();
    const held = await holdReplicaSets(bed.cluster, bed.namespaces.development);
    try {
      const plan = await bed.plan('development', good);
      assert.match(plan.warnings.join('\n'), /deployment\/agent-name has missed .*--wait=legacy/);
      const added = plan.steps[0]?.command?.args.filter(argument => argument.added).map(({ text }) => text);
      assert.equal(added?.[0], '--wait=legacy');
      const again = start(bed.client, plan);
      await staysVerifying().finally(() => held.release());
      const { state, reason } = await again;
      assert.equal(state, 'succeeded', reason);
    } finally {
      await held.release();
    }
  });

  it('waits for a new release in the way of the document', async () => {
    const plan = await bed.plan('development', 'v2.1.0');
    assert.ok(plan.steps[0]?.command?.args.some(({ text, added }) => text === '--wait' && !added));
  });

  it('promotes the good release again and ends well, every time', async function () {
    this.timeout(rounds * 180_000);
    for (let round = 1; round <= rounds; round += 1) {
      await missDeadline();
      await promoteWell(good);
    }
  });

  describe('while helm goes on waiting', () => {
    before(async () => {
      await bed.changeProcedure(text => text.replace('timeout: 10m', 'timeout: 10m\n        wait: legacy'));
    });

    /** Starts the bad release; helm's older way of waiting does not look at the deadline. */
    async function startBad(): Promise<string> {
      const plan = await bed.plan('development', bad);
      await startPlan(bed, plan);
      await waitForHelm(bed, 'development', 'pending-upgrade');
      await waitForVerdict();
      return plan.id;
    }

    it('L-21a rolls a cancelled promotion back at once and ends well, every time', async function () {
      this.timeout(rounds * 180_000);
      for (let round = 1; round <= rounds; round += 1) {
        const promotionId = await startBad();
        const { promotion } = await bed.client.request('promotion.cancel', { promotionId });
        assert.equal(promotion.state, 'cancelled', promotion.reason);
        assert.match(promotion.reason ?? '', /exceeded its progress deadline/);
        await goBack();
      }
    });

    it('puts a killed helm right, and does not repeat the verdict on what was taken back, every time', async function () {
      this.timeout(rounds * 180_000);
      for (let round = 1; round <= rounds; round += 1) {
        const promotionId = await startBad();
        const [helm] = listTools(bed).filter(({ words }) => /^\S*helm upgrade /.test(words));
        const held = round === 1 ? await holdReplicaSets(bed.cluster, bed.namespaces.development) : undefined;
        process.kill(helm?.pid ?? assert.fail(JSON.stringify(listTools(bed))), 'SIGKILL');
        if (held) {
          await staysVerifying().finally(() => held.release());
        }
        const promotion = await waitForEnd(bed, promotionId);
        assert.equal(promotion.state, 'rolledBack', promotion.reason);
        assert.match(promotion.reason ?? '', new RegExp(`is set to kosmos/agent:${good}: `));
        assert.doesNotMatch(promotion.reason ?? '', /deadline/);
      }
    });
  });
});
