import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';

/** The rows that are on the screen, whole ones only, as people read them. */
export async function readRows(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    // Only a frame takes over where the browser has scrolled to by itself: by the wheel, or by its scroll bar.
    await new Promise(resolve => requestAnimationFrame(resolve));
    const scroller = document.querySelector('.cm-scroller')?.getBoundingClientRect();
    return [...document.querySelectorAll<HTMLElement>('.cm-line')]
      .filter(line => {
        const { top, bottom } = line.getBoundingClientRect();
        return scroller !== undefined && top >= scroller.top - 1 && bottom <= scroller.bottom + 1;
      })
      .map(line => [line.dataset['time'] ?? [], line.textContent ?? ''].flat().join(' '));
  });
}

/** The numbers of the generated requests that are on the screen. */
export async function readNumbers(page: Page): Promise<readonly number[]> {
  const rows = await readRows(page);
  return rows.flatMap(row => {
    const found = /request (\d+)/.exec(row)?.[1];
    return found === undefined ? [] : [Number(found)];
  });
}

/** Waits until the rows on the screen are as wanted; returns them. */
export async function waitForRows(
  page: Page,
  what: string,
  isWanted: (rows: readonly string[]) => boolean,
): Promise<readonly string[]> {
  let rows: readonly string[] = [];
  await waitFor(
    what,
    async () => {
      rows = await readRows(page);
      return isWanted(rows);
    },
    { limitMs: 20_000 },
  ).catch((error: unknown) => {
    throw new Error(`${error}\nThe screen: ${rows.join('\n')}`);
  });
  return rows;
}

/** Waits until the last row on the screen is that request. */
export async function waitForLast(page: Page, number: number): Promise<void> {
  await waitForRows(page, `request ${number} at the end`, rows =>
    (rows.at(-1) ?? '').includes(`request ${number} `),
  );
}

/** A button of the toolkit, by its words. */
export function button(page: Page, name: string | RegExp): Locator {
  return page.getByRole('button', { name, exact: typeof name === 'string' });
}

/** Turns the wheel over the log. */
export async function turnWheel(page: Page, pixels: number): Promise<void> {
  await page.locator('.cm-scroller').hover();
  await page.mouse.wheel(0, pixels);
}

/** What the footer says: `Lines 1 to 30 of 1,000`. */
export function readPosition(page: Page): Promise<string> {
  return page
    .locator('footer .position')
    .textContent()
    .then(text => text ?? '');
}

/** What the page asked of the window last. */
export async function waitForDeed<T extends { readonly type: string }>(
  deeds: readonly T[],
  type: T['type'],
): Promise<T> {
  let found: T | undefined;
  await waitFor(
    `the deed ${type}`,
    async () => {
      found = deeds.findLast(deed => deed.type === type);
      return found !== undefined;
    },
    { limitMs: 10_000 },
  );
  return found as T;
}
