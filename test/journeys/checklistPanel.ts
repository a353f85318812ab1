import type { Frame, Page } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';

/** Waits for the page of the Checklist view; found by what is in it, since frames come and go. */
export async function findChecklist(page: Page): Promise<Frame> {
  let found: Frame | undefined;
  await waitFor(
    'the page of the Checklist view',
    async () => {
      for (const frame of page.frames()) {
        const marks = await frame
          .locator('body[data-place="sideBar"] #checks')
          .count()
          .catch(() => 0);
        if (marks > 0) {
          found = frame;
          return true;
        }
      }
      return false;
    },
    { limitMs: 60_000 },
  );
  if (!found) {
    throw new Error('the page of the Checklist view is not there');
  }
  return found;
}

/** Waits until the Checklist view is about this: `v2.1.0 to production`. */
export async function waitForChecklist(page: Page, title: string): Promise<Frame> {
  const frame = await findChecklist(page);
  await frame.locator('h1', { hasText: title }).waitFor({ timeout: 60_000 });
  return frame;
}

/** The words of each check's state, in their order: `done`, `open`, `void`. */
export function readCheckStates(frame: Frame): Promise<readonly string[]> {
  return frame.locator('.check .state').allInnerTexts();
}
