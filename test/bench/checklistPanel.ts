import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';
import type { PromotionBed } from '../cluster/promotionBed.ts';
import { findChecklist, waitForChecklist } from '../journeys/checklistPanel.ts';
import { leaveReleases, openReleases, selectRow } from '../journeys/releasesView.ts';
import type { Workbench } from '../journeys/workbench.ts';
import { buildMedian, buildSingle, type Figure } from './figure.ts';
import { inWindow } from './inWindow.ts';

const aim = 300;

/** How VS Code keeps that its side bar shows Slipway's views. It keeps nothing while that shows the Explorer. */
const inSideBar = 'workbench.sidebar.activeviewletid=workbench.view.extension.slipway';

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
    await page.context().addInitScript(watchPage);
    await show(workbench, stateDir);
    // So that a window that is loaded anew has something to show at once.
    await workbench.runCommand('Slipway: Pin Checklist');
    await waitUntilKept(page, 'slipway.checklist.pinned');
    await waitUntilKept(page, inSideBar);
    // The first page after a browser's first reload of a window waits seconds for VS Code's own frame, once.
    await workbench.reload();
    let host = 2;
    const { shown: once } = await readTaken(page, stateDir, { host, time: 1 });
    for (let load = 0; load < loads; load += 1) {
      await leaveReleases(workbench);
      // Or the window would open the view by itself, while it begins.
      await waitUntilKept(page, inSideBar, { kept: false });
      host += 1;
      await workbench.reload();
      await waitForStatus(page);
      await openReleases(page);
      opened.push((await readTaken(page, stateDir, { host, time: 1 })).shown);
      for (let time = 2; time <= shows + 1; time += 1) {
        await leaveReleases(workbench);
        await openReleases(page);
        again.push((await readTaken(page, stateDir, { host, time })).shown);
      }
      await waitUntilKept(page, inSideBar);
      host += 1;
      await workbench.reload();
      const taken = await readTaken(page, stateDir, { host, time: 1 });
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

/**
 * Keeps in every frame when the content of the checklist was on the screen, in milliseconds since 1970: in the task after
 * the frame that drew it. It is looked for by a timer, since VS Code writes a page into a frame that was loaded before,
 * which ends everything else that was begun in it.
 */
const watchPage = `
  const look = () => {
    if (document.querySelector('#page[aria-busy="false"] .check')) {
      requestAnimationFrame(() => setTimeout(() => {
        globalThis.slipwayShown = performance.timeOrigin + performance.now();
      }));
    } else {
      setTimeout(look, 4);
    }
  };
  if (window !== top) {
    look();
  }
`;

/** What passed from when the view was asked for, in milliseconds. */
type Taken = {
  /** Until VS Code's frame had the page's HTML, by the frame's own mark. */
  readonly untilHtml: number;
  /** Until the content was on the screen. */
  readonly shown: number;
};

async function readTaken(
  page: Page,
  stateDir: string,
  nth: { readonly host: number; readonly time: number },
): Promise<Taken> {
  const asked = await readAsked(stateDir, nth);
  const frame = await findChecklist(page);
  let shown: number | undefined;
  await waitFor(
    'gates and checks on the screen',
    async () => {
      shown = (await frame.evaluate('globalThis.slipwayShown')) as number | undefined;
      return shown !== undefined;
    },
    { limitMs: 30_000 },
  );
  const given = (await frame.parentFrame()?.evaluate(readGiven)) as number;
  return { untilHtml: given - asked, shown: (shown ?? Number.NaN) - asked };
}

/** When VS Code's frame was given HTML the last time, in milliseconds since 1970. */
const readGiven = `performance.timeOrigin
  + performance.getEntriesByName('webview/index.html/content/started').at(-1)?.startTime`;

/**
 * Waits until the editor keeps this, or no more. The browser's editor writes what is kept seconds later; a window that
 * is loaded anew before has none of it.
 */
async function waitUntilKept(page: Page, text: string, { kept = true } = {}): Promise<void> {
  await waitFor(
    `${text} to be ${kept ? 'kept' : 'kept no more'}`,
    async () => String(await page.evaluate(readKept)).includes(text) === kept,
    { limitMs: 60_000 },
  );
}

/** Everything that the editor keeps in the browser: a line `key=value` for each. */
const readKept = `(async () => {
  const ended = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  let text = '';
  for (const { name } of await indexedDB.databases()) {
    const database = await ended(indexedDB.open(name));
    for (const storeName of database.objectStoreNames) {
      const store = database.transaction(storeName).objectStore(storeName);
      const [keys, values] = await Promise.all([ended(store.getAllKeys()), ended(store.getAll())]);
      for (const [index, key] of keys.entries()) {
        text += key + '=' + values[index] + '\\n';
      }
    }
    database.close();
  }
  return text;
})()`;

/**
 * When the view was asked for the first, second, ... time, in milliseconds since 1970, by what the nth extension host
 * since the start has logged once the page had told that it was shown.
 */
async function readAsked(
  stateDir: string,
  nth: { readonly host: number; readonly time: number },
): Promise<number> {
  let asked: number | undefined;
  await waitFor(
    'the checklist to be shown',
    async () => {
      const [file] = await Array.fromAsync(
        glob(`user/logs/*/exthost${nth.host}/**/Slipway.log`, { cwd: stateDir }),
      );
      const text = file === undefined ? '' : await readFile(join(stateDir, file), 'utf8');
      const lines = [...text.matchAll(/^(\S+ \S+) .*checklist was shown (\d+) ms/gm)];
      const [, told, after] = lines[nth.time - 1] ?? [];
      asked = told === undefined ? undefined : Date.parse(told) - Number(after);
      return asked !== undefined;
    },
    { limitMs: 30_000 },
  );
  return asked ?? Number.NaN;
}
