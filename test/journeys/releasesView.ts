import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';
import type { Workbench } from './workbench.ts';

/** A row of a tree as people see it. */
export type TreeRow = {
  readonly label: string;
  readonly description: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** 1 for the outermost rows. */
  readonly level: number;
  /** The names of the icon's classes: `codicon-error`. */
  readonly icon: string;
};

/**
 * Shows Slipway's side bar. A window that has just opened may still be restoring it, and then a click on its tab hides
 * it: the tab says which of the two it was.
 */
export async function openReleases(page: Page): Promise<void> {
  const header = page.locator('.pane-header', { hasText: 'Releases' }).first();
  const label = page.locator('.action-label[aria-label^="Slipway"]');
  // The whole of it: a badge lies over the label.
  const tab = page.locator('.activitybar .action-item').filter({ has: label });
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    if ((await tab.getAttribute('aria-selected')) !== 'true') {
      await tab.click();
    }
    if (await isSoonVisible(header, 3_000)) {
      return;
    }
  }
  throw new Error('The Releases view does not show.');
}

/** Shows the Explorer instead, and waits until Slipway's views are gone. */
export async function leaveReleases({ page, runCommand }: Workbench): Promise<void> {
  await runCommand('View: Show Explorer');
  await page.locator('.pane-header', { hasText: 'Releases' }).first().waitFor({ state: 'hidden' });
}

function isSoonVisible(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ state: 'visible', timeout }).then(
    () => true,
    () => false,
  );
}

/** Every row of the Releases view that is on the screen. */
export function readReleases(page: Page): Promise<readonly TreeRow[]> {
  return readRows(releaseRows(page));
}

/** Opens the Activity view and reads its rows that are on the screen. */
export async function readActivity(page: Page): Promise<readonly TreeRow[]> {
  await openReleases(page);
  const header = page.locator('.pane-header[aria-label*="Activity Section"]');
  if ((await header.getAttribute('aria-expanded')) === 'false') {
    await header.click();
  }
  return readRows(paneRows(page, 'Activity'));
}

function readRows(rows: Locator): Promise<readonly TreeRow[]> {
  return rows.evaluateAll(list =>
    list.map(row => ({
      label: row.querySelector('.monaco-icon-label .label-name')?.textContent ?? '',
      description: row.querySelector('.monaco-icon-label .label-description')?.textContent ?? '',
      spoken: row.getAttribute('aria-label') ?? '',
      level: Number(row.getAttribute('aria-level')),
      icon: row.querySelector('.custom-view-tree-node-item-icon')?.className ?? '',
    })),
  );
}

/**
 * Waits until a row of the Releases view with this label has a description that fits, and returns the row. A person who
 * does not see it looks further down, and begins anew at the top.
 */
export async function waitForRow(
  page: Page,
  label: string | RegExp,
  description: string | RegExp = '',
  timeout = 30_000,
): Promise<Locator> {
  const row = releaseRows(page)
    .filter({ has: page.locator('.label-name', { hasText: exactly(label) }) })
    .filter({ hasText: description })
    .first();
  const deadline = Date.now() + timeout;
  while (!(await isSoonVisible(row, Math.min(timeout, 2_000)))) {
    if (Date.now() > deadline) {
      // Rejects with what was waited for.
      await row.waitFor({ state: 'visible', timeout: 1 });
    }
    await scrollOn(page);
  }
  return row;
}

/** Turns the wheel over the tree: only rows on the screen are there. */
async function scrollOn(page: Page): Promise<void> {
  const rows = releaseRows(page);
  const box = await rows
    .first()
    .boundingBox()
    .catch(() => null);
  if (!box) {
    return;
  }
  const before = (await rows.allInnerTexts()).join();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, 200);
  // The tree follows the wheel a frame or two later; where it does not, this was its end.
  const follows = async () => (await rows.allInnerTexts()).join() !== before;
  const followed = await waitFor('the tree to follow the wheel', follows, { limitMs: 1_000 }).then(
    () => true,
    () => false,
  );
  if (!followed) {
    await page.mouse.wheel(0, -100_000);
  }
}

/** Folds the Checklist view up: Releases gets its room, and more rows are on the screen. */
export async function foldChecklist(page: Page): Promise<void> {
  const header = page.locator('.pane-header[aria-label*="Checklist Section"]');
  if ((await header.getAttribute('aria-expanded')) === 'true') {
    await header.click();
  }
}

/** Clicks a row until it is the selected one: a row that moves away under the pointer takes another's click. */
export async function selectRow(page: Page, label: string): Promise<void> {
  await waitFor(
    `${label} to be selected`,
    async () => {
      const row = await waitForRow(page, label);
      await row.click();
      return (await row.getAttribute('aria-selected')) === 'true';
    },
    { limitMs: 30_000 },
  );
}

/** Waits until no row of the Releases view has this label. */
export async function waitForNoRow(page: Page, label: string): Promise<void> {
  const rows = releaseRows(page).filter({ has: page.locator('.label-name', { hasText: exactly(label) }) });
  await rows.first().waitFor({ state: 'hidden', timeout: 30_000 });
}

/** Opens a row so that what is below it shows. */
export async function expandRow(row: Locator): Promise<void> {
  if ((await row.getAttribute('aria-expanded')) === 'false') {
    await row.locator('.monaco-tl-twistie').click();
  }
}

/** Presses a button at the end of a row. */
export async function clickRowAction(row: Locator, title: string): Promise<void> {
  const action = row.locator(`.action-label[aria-label="${title}"]`);
  // Only the row under the pointer has buttons, and it may move away.
  await waitFor(
    `${title} at the row`,
    async () => {
      await row.hover({ timeout: 2_000 });
      await action.click({ timeout: 2_000 });
      return true;
    },
    { limitMs: 30_000 },
  );
}

/** The welcome text of the Releases view, while there is one. */
export async function readWelcome(page: Page): Promise<string> {
  const welcome = page.locator('.welcome-view-content').first();
  await welcome.waitFor({ state: 'visible' });
  return (await welcome.textContent()) ?? '';
}

/** The buttons of the welcome text. */
export function readWelcomeButtons(page: Page): Promise<readonly string[]> {
  return page.locator('.welcome-view-content .monaco-button:visible').allInnerTexts();
}

/** Waits until the welcome text says this. */
export async function waitForWelcome(page: Page, text: string | RegExp): Promise<void> {
  await page
    .locator('.welcome-view-content', { hasText: text })
    .first()
    .waitFor({ state: 'visible', timeout: 60_000 });
}

/** Presses a button of the welcome text. */
export async function clickWelcome(page: Page, title: string): Promise<void> {
  await page.locator('.welcome-view-content .monaco-button', { hasText: title }).click();
}

function releaseRows(page: Page): Locator {
  return paneRows(page, 'Releases');
}

function paneRows(page: Page, name: string): Locator {
  return page
    .locator('.pane', { has: page.locator(`.pane-header[aria-label*="${name} Section"]`) })
    .locator('.monaco-list-row');
}

function exactly(label: string | RegExp): RegExp {
  return typeof label === 'string' ? new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) : label;
}
