import type { Page } from 'playwright-core';

/** The text and the buttons of every notification of the window, newest first; opens their list. */
export async function readNotifications(
  page: Page,
): Promise<readonly { readonly message: string; readonly buttons: readonly string[] }[]> {
  const list = page.locator('.notifications-center.visible');
  if ((await list.count()) === 0) {
    await page.locator('.statusbar-item[id="status.notifications"]').click();
    await list.waitFor({ state: 'visible' });
  }
  return list.locator('.notification-list-item').evaluateAll(items =>
    items.map(item => ({
      message: item.querySelector('.notification-list-item-message')?.textContent ?? '',
      buttons: [...item.querySelectorAll('.monaco-button')].map(button => button.textContent ?? ''),
    })),
  );
}

/** Trusts the folder as a person does in the editor of Workspace Trust, which must be open. */
export async function trustFolder(page: Page): Promise<void> {
  const editor = page.locator('.workspace-trust-editor');
  await editor.waitFor({ state: 'visible', timeout: 30_000 });
  await editor
    .locator('.workspace-trust-buttons-row .monaco-button', { hasText: /^Trust$/ })
    .first()
    .click();
}
