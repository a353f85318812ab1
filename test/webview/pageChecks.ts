import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { cacheDirectory } from '../../sandbox/cache.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds by WCAG 2.2 AA and its best practices; evaluated, since a page's policy lets no script in. */
export async function findFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    const { violations } = await (window as unknown as { axe: Axe }).axe.run();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`,
    );
  });
}

/** Controls and texts that do not fit into the page or into what is around them; what scrolls by itself may hold more. */
export function findClipped(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const found = scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide, of ${clientWidth}`] : [];
    const elements = document.querySelectorAll<HTMLElement>(
      'vscode-button, vscode-checkbox, button:not(.cm-content *), input, select, label, legend, p, .quiet, .position',
    );
    for (const element of elements) {
      const { left, right, width } = element.getBoundingClientRect();
      if (width === 0 || element.closest('.visually-hidden')) {
        continue;
      }
      const name = element.getAttribute('aria-label') ?? element.textContent ?? element.tagName;
      if (left < 0 || right > clientWidth + 1) {
        found.push(`${name} stands out: from ${left} to ${right}, of ${clientWidth}`);
      }
      const isField = element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
      if (!isField && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) {
        found.push(`${name} is clipped: ${element.scrollWidth} of ${element.clientWidth}`);
      }
    }
    return found;
  });
}

/** Keeps what the page looks like, outside of git. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env['SLIPWAY_SCREENSHOTS'] ?? join(cacheDirectory(), 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
