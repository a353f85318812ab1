import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { measureBundles } from '../bench/bundles.ts';
import { measureChecklistPanel } from '../bench/checklistPanel.ts';
import { measureDaemonMemory } from '../bench/daemonMemory.ts';
import { measureDaemonStart } from '../bench/daemonStart.ts';
import type { Figure } from '../bench/figure.ts';
import { measureLogs } from '../bench/logs.ts';
import { measureLogWindow } from '../bench/logWindow.ts';
import { measurePromotion } from '../bench/promotion.ts';
import { measureNotices } from '../bench/treeLatency.ts';
import { measureWindow } from '../bench/window.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** How much worse than its aim a figure of a few runs on a busy machine may be: an order of magnitude is found. */
const slack = 20;

describe('the bench, with a few runs', () => {
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('bench-few');
    await bed.open();
    await bed.client.request('session.subscribe', { since: 0 });
  });
  after(async () => bed?.dispose());

  it('L-23d measures how long a change of a Deployment takes to the tree item in the window, alone and in a storm', async () => {
    const changes = { alone: { count: 5, intervalMs: 300 }, storm: { count: 30, intervalMs: 0 } };
    const figures = [
      ...(await measureNotices(bed, changes)),
      ...(await measureWindow(bed, { loads: 1, ...changes })),
    ];
    const aimed = figures.filter(({ aim }) => aim !== undefined);
    assert.ok(aimed.length >= 2);
    for (const { what, value, unit, aim = 0 } of aimed) {
      assert.ok(value >= 0 && value < aim * slack, `${what}: ${value} ${unit}`);
    }
  });

  it('P-13k measures how soon the checklist is on the screen, in a fresh window and again', async () => {
    const figures = await measureChecklistPanel(bed, { loads: 1, shows: 1 });
    const aimed = figures.filter(({ aim }) => aim !== undefined);
    assert.equal(aimed.length, 3);
    for (const { what, value, unit, aim = 0 } of aimed) {
      assert.ok(value > 0 && value < aim * slack, `${what}: ${value} ${unit}`);
    }
  });

  it('P-13f measures first lines after the command and a line’s way to the screen, in a real window', async () => {
    const figures = await measureLogWindow(bed, { opens: 2, rate: 1_000, seconds: 3, turns: 1 });
    const aimed = figures.filter(({ aim }) => aim !== undefined);
    assert.equal(aimed.length, 2);
    for (const { what, value, unit, aim = 0 } of aimed) {
      assert.ok(value > 0 && value < aim * slack, `${what}: ${value} ${unit}`);
    }
  });

  it('P-13a P-13b P-13c P-13d measures logs to a client of the daemon: rate, lag, first lines, memory', async () => {
    const figures = await measureLogs({
      burst: { lines: 20_000, rounds: 2 },
      flood: { perSecond: 2_000, seconds: 3 },
      opens: 3,
      held: 50_000,
    });
    const aimed = figures.filter(({ aim, least }) => aim !== undefined || least !== undefined);
    assert.ok(aimed.length >= 4);
    for (const { what, value, unit, aim, least = 0 } of aimed) {
      const isFair = aim === undefined ? value > least / slack : value >= 0 && value < aim * slack;
      assert.ok(isFair, `${what}: ${value} ${unit}`);
    }
  });

  it('L-23a measures a promotion by Slipway against the bare commands, alternating', async () => {
    const figures = await measurePromotion(bed, { rounds: 2 });
    const ratio = find(figures, 'Slipway : the two commands');
    assert.ok(ratio > 0 && ratio < 5, `Slipway took ${ratio} times as long as the two commands`);
  });

  it('L-23b measures the bundles that the editor loads', () => {
    for (const figure of measureBundles('dist').filter(({ aim }) => aim !== undefined)) {
      assert.ok(
        figure.value > 0 && figure.value <= (figure.aim ?? 0),
        `${figure.what}: ${figure.value} ${figure.unit}`,
      );
    }
  });

  it('L-23c measures how soon the daemon is ready and how much memory it keeps', async () => {
    const program = resolve('dist/daemon.cjs');
    const figures = [
      ...(await measureDaemonStart({ program, starts: 3 })),
      ...(await measureDaemonMemory(bed, { restMs: 2_000 })),
    ];
    const aimed = figures.filter(({ aim }) => aim !== undefined);
    assert.ok(aimed.length >= 2);
    for (const { what, value, unit, aim = 0 } of aimed) {
      assert.ok(value > 0 && value < aim * slack, `${what}: ${value} ${unit}`);
    }
  });
});

function find(figures: readonly Figure[], what: string): number {
  return (
    figures.find(figure => figure.what === what)?.value ?? assert.fail(`nothing was measured as "${what}"`)
  );
}
