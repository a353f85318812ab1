import type { Page } from 'playwright-core';

/** A modal question. */
export type Modal = {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
};

/** Waits for a modal question and reads it. */
export async function readModal(page: Page): Promise<Modal> {
  const box = page.locator('.monaco-dialog-box');
  await box.waitFor({ state: 'visible', timeout: 60_000 });
  const detail = box.locator('.dialog-message-detail');
  return {
    message: (await box.locator('.dialog-message-text').textContent()) ?? '',
    detail: (await detail.count()) > 0 ? ((await detail.textContent()) ?? '') : '',
    buttons: await box.locator('.dialog-buttons .monaco-button').allInnerTexts(),
  };
}

/** Presses a button of the modal question. */
export async function answerModal(page: Page, button: string): Promise<void> {
  const box = page.locator('.monaco-dialog-box');
  await box.waitFor({ state: 'visible', timeout: 60_000 });
  await box.locator('.dialog-buttons .monaco-button', { hasText: button }).click();
  await box.waitFor({ state: 'hidden' });
}

/** Waits for a notification that holds this text and returns all it says. */
export async function waitForNotification(
  page: Page,
  text: string | RegExp,
  timeout = 60_000,
): Promise<string> {
  const toast = page.locator('.notification-toast', { hasText: text }).first();
  await toast.waitFor({ state: 'visible', timeout });
  return (await toast.locator('.notification-list-item-message').textContent()) ?? '';
}

/** Presses a button of a notification. */
export async function clickNotification(page: Page, text: string | RegExp, button: string): Promise<void> {
  const toast = page.locator('.notification-toast', { hasText: text }).first();
  await toast.waitFor({ state: 'visible' });
  await toast.locator('.monaco-button', { hasText: button }).click();
}

/** The text of Slipway's status bar item; empty while there is none. */
export async function readStatus(page: Page): Promise<string> {
  const item = page.locator('.statusbar-item[id*="slipway.status"]');
  return (await item.count()) > 0 ? ((await item.textContent()) ?? '') : '';
}
