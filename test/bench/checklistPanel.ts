import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';
import type { PromotionBed } from '../cluster/promotionBed.ts';
import { waitForChecklist } from '../journeys/checklistPanel.ts';
import { leaveReleases, openReleases, selectRow } from '../journeys/releasesView.ts';
import type { Workbench } from '../journeys/workbench.ts';
import { waitUntilKept, waitUntilSideBar } from './editorMemory.ts';
import { buildMedian, buildSingle, type Figure } from './figure.ts';
import { inWindow } from './inWindow.ts';
import { followShownPages, readUntilHtml, type ShownPages } from './shownPages.ts';

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
    const { page } = workbench;
    const opened: number[] = [];
    const restored: number[] = [];
    const restoredUntilHtml: number[] = [];
    const again: number[] = [];
    const pages = await followShownPages(page.context(), '#page[aria-busy="false"] .check');
    const open = (place: Place) => readTaken(pages, stateDir, place, () => openReleases(page));
    const reload = (place: Place) => readTaken(pages, stateDir, place, () => workbench.reload());
    await show(workbench, stateDir);
    // So that a window that is loaded anew has something to show at once.
    await workbench.runCommand('Slipway: Pin Checklist');
    await waitUntilKept(page, 'slipway.checklist.pinned');
    await waitUntilSideBar(page, 'slipway');
    // The first page after a browser's first reload of a window waits seconds for VS Code's own frame, once.
    let host = 2;
    const { shown: once } = await reload({ host, time: 1 });
    for (let load = 0; load < loads; load += 1) {
      await leaveReleases(workbench);
      // Or the window would open the view by itself, while it begins.
      await waitUntilSideBar(page, 'slipway', { kept: false });
      host += 1;
      await workbench.reload();
      await waitForStatus(page);
      opened.push((await open({ host, time: 1 })).shown);
      for (let time = 2; time <= shows + 1; time += 1) {
        await leaveReleases(workbench);
        again.push((await open({ host, time })).shown);
      }
      await waitUntilSideBar(page, 'slipway');
      host += 1;
      const taken = await reload({ host, time: 1 });
      restored.push(taken.shown);
      restoredUntilHtml.push(taken.untilHtml);
    }
    return [
      buildMedian({
        what: 'checklist: opened for the first time in a window, to its content',
        unit: 'ms',
        samples: opened,
        aim,
      }),
      buildMedian({
        what: 'checklist: the same while the window itself begins',
        unit: 'ms',
        samples: restored,
        aim,
      }),
      buildMedian({
        what: 'checklist: of that, until VS Code gives its frame the HTML that the extension has set',
        unit: 'ms',
        samples: restoredUntilHtml,
      }),
      buildMedian({ what: 'checklist: shown again, to its content', unit: 'ms', samples: again, aim }),
      buildSingle({ what: 'checklist: after a browser’s first reload of a window', unit: 'ms', value: once }),
    ];
  });
}

/** The window has begun, and Slipway in it knows what runs. */
async function waitForStatus(page: Page): Promise<void> {
  await page.locator('.statusbar-item[id*="slipway.status"]').waitFor({ timeout: 30_000 });
}

async function show({ page }: Workbench, stateDir: string): Promise<void> {
  await openReleases(page);
  await selectRow(page, 'production');
  await waitForChecklist(page, 'to production');
  await readAsked(stateDir, { host: 1, time: 1 });
}

/** The how manieth extension host since the start, and the how manieth time that it was asked for the view. */
type Place = { readonly host: number; readonly time: number };

/** What passed from when the view was asked for, in milliseconds. */
type Taken = {
  /** Until VS Code's frame had the page's HTML, by the frame's own mark. */
  readonly untilHtml: number;
  /** Until the content was on the screen. */
  readonly shown: number;
};

async function readTaken(
  pages: ShownPages,
  stateDir: string,
  place: Place,
  act: () => Promise<void>,
): Promise<Taken> {
  const shown = await pages.showNext(act);
  const asked = await readAsked(stateDir, place);
  return { untilHtml: await readUntilHtml(shown, asked), shown: shown.at - asked };
}

/**
 * When the view was asked for the first, second, ... time, in milliseconds since 1970, by what the nth extension host
 * since the start has logged once the page had told that it was shown.
 */
async function readAsked(stateDir: string, { host, time }: Place): Promise<number> {
  let asked: number | undefined;
  await waitFor(
    'the checklist to be shown',
    async () => {
      const [file] = await Array.fromAsync(
        glob(`user/logs/*/exthost${host}/**/Slipway.log`, { cwd: stateDir }),
      );
      const text = file === undefined ? '' : await readFile(join(stateDir, file), 'utf8');
      const lines = [...text.matchAll(/^(\S+ \S+) .*checklist was shown (\d+) ms/gm)];
      const [, told, after] = lines[time - 1] ?? [];
      asked = told === undefined ? undefined : Date.parse(told) - Number(after);
      return asked !== undefined;
    },
    { limitMs: 30_000 },
  );
  return asked ?? Number.NaN;
}
