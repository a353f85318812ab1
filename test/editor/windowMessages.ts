import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { send } from './bridgeClient.ts';
import { waitUntil } from './extensionUnderTest.ts';

/** A message of the window, with its buttons. */
export type WindowMessage = { readonly message: string; readonly buttons: readonly string[] };

/** The messages that the window shows, newest first. */
export async function readMessages(): Promise<readonly WindowMessage[]> {
  return (await send('look/notifications', '')) as readonly WindowMessage[];
}

/** Takes every message away; the first `clearAll` may only hide their list. */
export async function clearMessages(): Promise<void> {
  await waitUntil(async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    assert.deepEqual(await readMessages(), []);
  });
}

/** Runs a command, and waits for the one message it answers with. */
export async function runForMessage(command: string, ...given: readonly unknown[]): Promise<WindowMessage> {
  await clearMessages();
  void vscode.commands.executeCommand(command, ...given);
  return waitUntil(async () => {
    const [only, ...others] = await readMessages();
    assert.ok(only && others.length === 0, `${command}: ${JSON.stringify([only, ...others])}`);
    return only;
  });
}
