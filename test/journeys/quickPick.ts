import type { Page } from 'playwright-core';

/** What the quick pick offers: each row's whole text, as a screen reader gets it. */
export async function readQuickPick(page: Page): Promise<readonly string[]> {
  const rows = page.locator('.quick-input-widget:visible .monaco-list-row');
  await rows.first().waitFor({ state: 'visible' });
  return rows.evaluateAll(list => list.map(row => row.getAttribute('aria-label') ?? ''));
}

/** Waits for a quick pick with this title and takes the row with exactly this label, beside its icon. */
export async function pickItem(page: Page, title: string, label: string): Promise<void> {
  await waitForQuickInput(page, title);
  const row = page
    .locator('.quick-input-widget .monaco-list-row')
    .filter({ has: page.locator('.label-name', { hasText: new RegExp(`^\\s*${escapePattern(label)}$`) }) })
    .first();
  await row.click();
}

/** Waits for a quick pick where several rows can be ticked, and takes those that are ticked. */
export async function acceptTicked(page: Page, title: string): Promise<void> {
  await waitForQuickInput(page, title);
  await page.locator('.quick-input-widget .monaco-list-row').first().waitFor({ state: 'visible' });
  await page.keyboard.press('Enter');
}

/** Waits for an input box with this title, types, and presses Enter. */
export async function typeInto(page: Page, title: string, text: string): Promise<void> {
  await waitForQuickInput(page, title);
  await page.locator('.quick-input-widget input.input').fill(text);
  await page.keyboard.press('Enter');
}

/** Waits for an input box that asks this below its field, types, and presses Enter. */
export async function answerPrompt(page: Page, prompt: RegExp, text: string): Promise<void> {
  const message = page.locator('.quick-input-widget .quick-input-message', { hasText: prompt });
  await message.waitFor({ state: 'visible', timeout: 60_000 });
  await page.locator('.quick-input-widget input.input').fill(text);
  await page.keyboard.press('Enter');
}

/** Waits for a quick pick or an input box with this title. */
export async function waitForQuickInput(page: Page, title: string): Promise<void> {
  const titleText = page.locator('.quick-input-widget .quick-input-title', { hasText: title });
  await titleText.waitFor({ state: 'visible', timeout: 60_000 });
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
