import type { Frame, Locator, Page } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';

/** The page of a log inside its tab, which must be on the screen. A tab that is hidden loses its page and gets another. */
export async function openedLog(page: Page): Promise<Frame> {
  let found: Frame | undefined;
  await waitFor(
    'the page of the log',
    async () => {
      found = await findLog(page);
      return found !== undefined;
    },
    { limitMs: 60_000 },
  );
  return found as Frame;
}

async function findLog(page: Page): Promise<Frame | undefined> {
  for (const frame of page.frames()) {
    const isShown = await frame
      .locator('#page .log .cm-content')
      .isVisible({ timeout: 500 })
      .catch(() => false);
    if (isShown) {
      return frame;
    }
  }
  return undefined;
}

/** The rows of the log that are drawn, as people read them: `14:02:07.123 x2k4z INFO ...`. */
export function readLogRows(log: Frame): Promise<readonly string[]> {
  return log
    .locator('.log .cm-line')
    .evaluateAll(lines =>
      (lines as { dataset: { time?: string }; textContent: string | null }[]).map(
        ({ dataset, textContent }) => [dataset.time ?? [], textContent ?? ''].flat().join(' '),
      ),
    );
}

/** Waits until a row that is drawn fits; returns it. */
export async function waitForLogRow(log: Frame, text: string | RegExp, timeout = 60_000): Promise<Locator> {
  const row = log.locator('.log .cm-line', { hasText: text }).first();
  await row.waitFor({ state: 'visible', timeout });
  return row;
}

/** Brings a tab of the editor to the front. */
export async function showTab(page: Page, title: string): Promise<void> {
  await page.locator('.tabs-container .tab', { hasText: title }).first().click();
}

/** Counts from now on what the page's policy keeps it from; the function says how much that was. */
export async function watchPolicy(log: Frame): Promise<() => Promise<number>> {
  await log.evaluate(`
    globalThis.slipwayViolations = 0;
    document.addEventListener('securitypolicyviolation', () => { globalThis.slipwayViolations += 1; });
  `);
  return async () => Number(await log.evaluate('globalThis.slipwayViolations'));
}
