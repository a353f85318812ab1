import type { Page } from 'playwright-core';

/** The titles of the open tabs, from left to right. */
export function readTabs(page: Page): Promise<readonly string[]> {
  return page.locator('.tabs-container .tab .label-name').allInnerTexts();
}

/** Waits until a tab whose title fits is the active one. */
export async function waitForTab(page: Page, title: string | RegExp): Promise<void> {
  await page
    .locator('.tabs-container .tab.active', { hasText: title })
    .waitFor({ state: 'visible', timeout: 60_000 });
}

/** The lines of the active editor that are on the screen. */
export async function readVisibleText(page: Page): Promise<string> {
  const lines = page.locator('.editor-group-container.active .monaco-editor .view-line');
  const texts = await lines.evaluateAll(list =>
    list
      .map(line => ({
        top: Number(/top: ?([\d.]+)px/.exec(line.getAttribute('style') ?? '')?.[1]),
        text: line.textContent ?? '',
      }))
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text),
  );
  return texts.join('\n').replaceAll('\u00a0', ' ');
}

/** The whole text of the active editor, by way of the clipboard. */
export async function readText(page: Page): Promise<string> {
  await page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Control+C');
  return page.evaluate<string>('navigator.clipboard.readText()');
}

/** The titles of the CodeLenses on the screen. */
export function readLenses(page: Page): Promise<readonly string[]> {
  return page.locator('.editor-group-container.active .codelens-decoration a').allInnerTexts();
}

/** Presses a CodeLens. */
export async function clickLens(page: Page, title: string): Promise<void> {
  await page
    .locator('.editor-group-container.active .codelens-decoration a', { hasText: title })
    .first()
    .click();
}
