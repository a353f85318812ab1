import { join } from 'node:path';
import { runCommand } from '../../sandbox/runCommand.ts';
import { ensureBuilt, PromotionBed } from '../cluster/promotionBed.ts';
import { measureBarePanel } from './barePanel.ts';
import { measureBundles } from './bundles.ts';
import { measureChecklistPanel } from './checklistPanel.ts';
import { measureDaemonMemory } from './daemonMemory.ts';
import { measureDaemonStart } from './daemonStart.ts';
import type { Figure } from './figure.ts';
import { measureLogs } from './logs.ts';
import { measureLogWindow } from './logWindow.ts';
import { measureManyReleases } from './manyReleases.ts';
import { measurePromotion } from './promotion.ts';
import { makePodsSteady } from './steadyPods.ts';
import { measureNotices } from './treeLatency.ts';
import { measureWindow } from './window.ts';

/** Something that is measured, by the name that `--only` takes. */
export type Measurement = {
  readonly name: string;
  readonly run: () => Promise<readonly Figure[]>;
};

const dist = join(import.meta.dirname, '..', '..', 'dist');

/**
 * How many changes are made to a Deployment. Each alone is followed by what its controller says of it, so the next one
 * comes when VS Code has shown that too.
 */
const changes = { alone: { count: 60, intervalMs: 1_000 }, storm: { count: 200, intervalMs: 0 } } as const;

/** Everything that `npm run bench` measures, in this order. */
export const measurements: readonly Measurement[] = [
  { name: 'bundles', run: async () => measureBundles(dist) },
  { name: 'daemonStart', run: () => measureDaemonStart({ program: join(dist, 'daemon.cjs'), starts: 15 }) },
  {
    name: 'releases',
    run: () => measureManyReleases({ program: join(dist, 'daemon.cjs'), releases: 5000 }),
  },
  { name: 'daemonMemory', run: () => withBed('memory', bed => measureDaemonMemory(bed, { restMs: 30_000 })) },
  { name: 'promotion', run: () => withBed('bench', bed => measureSteadily(bed, { rounds: 10 })) },
  { name: 'notices', run: () => withBed('notices', bed => measureNotices(bed, changes)) },
  {
    name: 'logs',
    run: () =>
      measureLogs({
        burst: { lines: 400_000, rounds: 15 },
        flood: { perSecond: 10_000, seconds: 15 },
        opens: 20,
        held: 1_000_000,
      }),
  },
  { name: 'window', run: () => withBed('window', bed => measureWindow(bed, { loads: 7, ...changes })) },
  {
    name: 'checklist',
    run: () =>
      withBed('checklist', async bed => [
        ...(await measureChecklistPanel(bed, { loads: 9, shows: 2 })),
        ...(await measureBarePanel(bed, 9)),
      ]),
  },
  {
    name: 'logWindow',
    run: () =>
      withBed('log-window', bed => measureLogWindow(bed, { opens: 7, rate: 1_000, seconds: 10, turns: 3 })),
  },
  { name: 'logPage', run: measureLogPage },
];

/** In a process of its own: what drives pages from inside knows the browser's types, and is no part of this program. */
async function measureLogPage(): Promise<readonly Figure[]> {
  await ensureBuilt();
  const script = join(import.meta.dirname, '..', 'webview', 'measureLogPage.ts');
  const printed = await runCommand(process.execPath, [script], { limitMs: 10 * 60_000 });
  return JSON.parse(printed) as readonly Figure[];
}

async function measureSteadily(
  bed: PromotionBed,
  options: { readonly rounds: number },
): Promise<readonly Figure[]> {
  await makePodsSteady(bed.cluster.sandbox);
  return measurePromotion(bed, options);
}

/** Runs a measurement with a repository, namespaces and a daemon of its own. */
async function withBed<T>(prefix: string, measure: (bed: PromotionBed) => Promise<T>): Promise<T> {
  await ensureBuilt();
  const bed = await PromotionBed.create(prefix);
  try {
    await bed.open();
    await bed.client.request('session.subscribe', { since: 0 });
    return await measure(bed);
  } finally {
    await bed.dispose();
  }
}
