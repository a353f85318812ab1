import type { Frame, Locator, Page } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';

/** The page of a log, inside its tab of the editor. */
export async function openedLog(page: Page): Promise<Frame> {
  let found: Frame | undefined;
  await waitFor(
    'the page of the log',
    async () => {
      for (const frame of page.frames()) {
        const shown = await frame
          .locator('#page .log .cm-content')
          .count()
          .catch(() => 0);
        found = shown > 0 ? frame : found;
      }
      return found !== undefined;
    },
    { limitMs: 60_000 },
  );
  return found as Frame;
}

/** The rows of the log that are drawn, as people read them: `14:02:07.123 x2k4z INFO ...`. */
export function readLogRows(log: Frame): Promise<readonly string[]> {
  return log.locator('.log .cm-line').allInnerTexts();
}

/** Waits until a row that is drawn fits; returns it. */
export async function waitForLogRow(log: Frame, text: string | RegExp, timeout = 60_000): Promise<Locator> {
  const row = log.locator('.log .cm-line', { hasText: text }).first();
  await row.waitFor({ state: 'visible', timeout });
  return row;
}
