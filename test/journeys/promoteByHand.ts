import type { Locator, Page } from 'playwright-core';
import { waitForTab } from './editorTabs.ts';
import { answerModal, readModal } from './messages.ts';
import { acceptTicked, pickItem, typeInto } from './quickPick.ts';
import { clickWelcome, openReleases, readWelcome, waitForRow, waitForWelcome } from './releasesView.ts';
import type { Workbench } from './workbench.ts';

/** What a person does first: trusts the repository, and connects its environments with the suggested contexts. */
export async function trustAndConnect({ page }: Workbench): Promise<void> {
  await openReleases(page);
  await waitForWelcome(page, 'Trust Repository');
  await clickWelcome(page, 'Trust Repository');
  await answerModal(page, 'Trust');
  await waitForWelcome(page, /Connect Environments|[Hh]elm/);
  const said = await readWelcome(page);
  if (!said.includes('Connect Environments')) {
    throw new Error(`The view says: ${said}`);
  }
  await clickWelcome(page, 'Connect Environments');
  await acceptTicked(page, 'Connect Environments');
  // One is connected after the other.
  await waitForRow(page, 'production', /^(?!.*(?:not connected|connecting))/);
}

/** Chooses release and environment in the palette's quick pick; ends when the plan is open. Rejects with the error that the window shows instead. */
export async function choosePromotion(
  workbench: Workbench,
  wanted: { readonly release: string; readonly environment: string },
): Promise<void> {
  const { page } = workbench;
  await workbench.runCommand('Notifications: Clear All Notifications');
  await workbench.runCommand('Slipway: Promote Release...');
  await pickItem(page, 'Promote Release', wanted.release);
  await pickItem(page, `Promote ${wanted.release}`, wanted.environment);
  await orError(page, waitForTab(page, `${wanted.release} \u2192 ${wanted.environment}`));
}

/** Confirms the open question: a modal, or an input box where the environment's name must be typed. */
export async function confirmStart(
  workbench: Workbench,
  wanted: { readonly release: string; readonly environment: string },
): Promise<'modal' | 'typed'> {
  const { page } = workbench;
  const modal = page.locator('.monaco-dialog-box');
  const input = page.locator('.quick-input-widget .quick-input-title', {
    hasText: `Promote ${wanted.release} to ${wanted.environment}`,
  });
  const asked = await orError(
    page,
    Promise.any([whenVisible(modal, 'modal' as const), whenVisible(input, 'typed' as const)]),
  );
  if (asked === 'modal') {
    const { message } = await readModal(page);
    if (!message.includes(wanted.environment) || !message.includes(wanted.release)) {
      throw new Error(`The question names neither environment nor release: ${message}`);
    }
    await answerModal(page, 'Start Promotion');
  } else {
    await typeInto(page, `Promote ${wanted.release} to ${wanted.environment}`, wanted.environment);
  }
  return asked;
}

/** Promotes from the palette up to the moment it runs; says how it was confirmed. */
export async function startPromotion(
  workbench: Workbench,
  wanted: { readonly release: string; readonly environment: string },
): Promise<'modal' | 'typed'> {
  await choosePromotion(workbench, wanted);
  return confirmStart(workbench, wanted);
}

/** Asks to roll an environment back from the palette and confirms it; returns what the question said. */
export async function rollBack(workbench: Workbench, environment: string): Promise<string> {
  const { page } = workbench;
  await workbench.runCommand('Notifications: Clear All Notifications');
  await workbench.runCommand('Slipway: Roll Back Environment...');
  await pickItem(page, 'Roll Back Environment', environment);
  await orError(page, page.locator('.monaco-dialog-box').waitFor({ state: 'visible', timeout: 60_000 }));
  const { message } = await readModal(page);
  await answerModal(page, 'Roll Back');
  return message;
}

/** Rejects with the error that the window shows while something else is waited for. */
export async function orError<T>(page: Page, wanted: Promise<T>): Promise<T> {
  const toast = page.locator('.notification-toast', { has: page.locator('.codicon-error') }).first();
  const failed = toast.waitFor({ state: 'visible', timeout: 60_000 }).then(
    async () => {
      const message = await toast.locator('.notification-list-item-message').textContent();
      throw new Error(`The window says: ${message}`);
    },
    () => new Promise<never>(() => {}),
  );
  return Promise.race([wanted, failed]);
}

async function whenVisible<T>(locator: Locator, value: T): Promise<T> {
  await locator.waitFor({ state: 'visible', timeout: 60_000 });
  return value;
}
