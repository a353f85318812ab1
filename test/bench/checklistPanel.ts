import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';
import type { PromotionBed } from '../cluster/promotionBed.ts';
import { waitForChecklist } from '../journeys/checklistPanel.ts';
import { leaveReleases, openReleases, selectRow } from '../journeys/releasesView.ts';
import type { Workbench } from '../journeys/workbench.ts';
import { buildMedian, type Figure } from './figure.ts';
import { inWindow } from './inWindow.ts';

const aim = 300;

/**
 * In a real window: from the moment at which VS Code asks for the Checklist view, or shows it again, to the frame with
 * its gates and checks on the screen; VS Code's own frame, the bundle and the daemon's answer are in it.
 */
export async function measureChecklistPanel(
  bed: PromotionBed,
  { loads, shows }: { readonly loads: number; readonly shows: number },
): Promise<readonly Figure[]> {
  return inWindow(bed, async (workbench, stateDir) => {
    const first: number[] = [];
    const again: number[] = [];
    await show(workbench, stateDir);
    // So that a window that is loaded anew has something to show at once.
    await workbench.runCommand('Slipway: Pin Checklist');
    await waitUntilKept(workbench.page, 'slipway.checklist.pinned');
    for (let load = 0; load < loads; load += 1) {
      // The side bar comes back by itself.
      await workbench.reload();
      first.push(await readShown(stateDir, { host: load + 2, time: 1 }));
      for (let time = 2; time <= shows + 1; time += 1) {
        await leaveReleases(workbench);
        await openReleases(workbench.page);
        again.push(await readShown(stateDir, { host: load + 2, time }));
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
  });
}

async function show({ page }: Workbench, stateDir: string): Promise<void> {
  await openReleases(page);
  await selectRow(page, 'production');
  await waitForChecklist(page, 'to production');
  await readShown(stateDir, { host: 1, time: 1 });
}

/** The browser's editor writes what extensions keep seconds later; a window that is loaded anew before has none of it. */
async function waitUntilKept(page: Page, key: string): Promise<void> {
  await waitFor(`${key} to be kept`, async () => String(await page.evaluate(readKept)).includes(key), {
    limitMs: 60_000,
  });
}

/** Everything that the editor keeps in the browser for extensions, as one text. */
const readKept = `(async () => {
  const ended = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  let text = '';
  for (const { name } of await indexedDB.databases()) {
    const database = await ended(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      text += JSON.stringify(await ended(database.transaction(store).objectStore(store).getAll()));
    }
    database.close();
  }
  return text;
})()`;

/** What the nth extension host since the start has logged: how long the page took the first, second, ... time. */
async function readShown(
  stateDir: string,
  nth: { readonly host: number; readonly time: number },
): Promise<number> {
  let took: number | undefined;
  await waitFor(
    'the checklist to be shown',
    async () => {
      const [file] = await Array.fromAsync(glob(`**/exthost${nth.host}/**/Slipway.log`, { cwd: stateDir }));
      const text = file === undefined ? '' : await readFile(join(stateDir, file), 'utf8');
      const times = [...text.matchAll(/checklist was shown (\d+) ms/g)].map(([, number]) => Number(number));
      took = times[nth.time - 1];
      return took !== undefined;
    },
    { limitMs: 30_000 },
  );
  return took ?? Number.NaN;
}
