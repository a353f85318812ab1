import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { cacheDirectory } from '../../sandbox/cache.ts';

/** Keeps what the window shows, outside of git: in $SLIPWAY_SCREENSHOTS, else in the user's cache; returns the file. */
export async function takeScreenshot(page: Page, name: string): Promise<string> {
  const folder = process.env['SLIPWAY_SCREENSHOTS'] ?? join(cacheDirectory(), 'screenshots');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  // An endless animation (a turning icon) can keep the picture waiting for ever.
  await page.screenshot({ path, animations: 'disabled', timeout: 20_000 });
  return path;
}
