import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSandboxEnvironment } from '../../sandbox/sandboxDaemon.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import type { PromotionBed } from '../cluster/promotionBed.ts';
import { waitForChecklist } from '../journeys/checklistPanel.ts';
import { openReleases, waitForRow } from '../journeys/releasesView.ts';
import { startWorkbench, type Workbench } from '../journeys/workbench.ts';
import { buildMedian, type Figure } from './figure.ts';

const aim = 300;

/**
 * In a real window: from the moment at which VS Code asks for the Checklist view, or shows it again, to the frame with
 * its gates and checks on the screen; VS Code's own frame, the bundle and the daemon's answer are in it.
 */
export async function measureChecklistPanel(
  bed: PromotionBed,
  { loads, shows }: { readonly loads: number; readonly shows: number },
): Promise<readonly Figure[]> {
  const stateDir = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
  const { sandbox } = bed.cluster;
  const env = buildSandboxEnvironment({
    home: bed.home,
    kubeconfig: sandbox.kubeconfigPath('alice'),
    toolFolder: sandbox.tools.binDirectory,
  });
  const workbench = await startWorkbench({ folder: bed.repositoryFolder, stateDir, env });
  try {
    const first: number[] = [];
    const again: number[] = [];
    await show(workbench, stateDir, 0);
    // So that a window that is loaded anew has something to show at once.
    await workbench.runCommand('Slipway: Pin Checklist');
    for (let load = 0; load < loads; load += 1) {
      await workbench.reload();
      await openReleases(workbench.page);
      first.push(await readShown(stateDir, 0));
      for (let time = 1; time <= shows; time += 1) {
        await workbench.runCommand('View: Show Explorer');
        await openReleases(workbench.page);
        again.push(await readShown(stateDir, time));
      }
    }
    return [
      buildMedian({
        what: 'checklist: asked for in a fresh window, to its content',
        unit: 'ms',
        samples: first,
        aim,
      }),
      buildMedian({ what: 'checklist: shown again, to its content', unit: 'ms', samples: again, aim }),
    ];
  } finally {
    await workbench.close();
    await rm(stateDir, { recursive: true, force: true });
  }
}

async function show({ page }: Workbench, stateDir: string, time: number): Promise<void> {
  await openReleases(page);
  await (await waitForRow(page, 'production')).click();
  await waitForChecklist(page, 'to production');
  await readShown(stateDir, time);
}

/** What the extension host that was started last has logged: how long the page took the first, second, ... time. */
async function readShown(stateDir: string, time: number): Promise<number> {
  let took: number | undefined;
  await waitFor(
    'the checklist to be shown',
    async () => {
      const logs = await Array.fromAsync(glob('**/Slipway.log', { cwd: stateDir }));
      const text = await readFile(join(stateDir, logs.sort().at(-1) ?? ''), 'utf8');
      const times = [...text.matchAll(/checklist was shown (\d+) ms/g)].map(([, number]) => Number(number));
      took = times[time];
      return took !== undefined;
    },
    { limitMs: 30_000 },
  );
  return took ?? Number.NaN;
}
