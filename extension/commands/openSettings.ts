import * as vscode from 'vscode';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';

/**
 * Opens Slipway's settings, or the named one. They are the machine's: in a window on another host (WSL, SSH, a container)
 * the editor lists them on that host's page alone, while its own command opens the person's page and finds none.
 */
export async function openSettings(
  _context: CommandContext,
  { setting = 'slipway.' }: ItemTarget,
): Promise<void> {
  await (vscode.env.remoteName === undefined
    ? vscode.commands.executeCommand('workbench.action.openSettings', setting)
    : vscode.commands.executeCommand('workbench.action.openRemoteSettings', { query: setting }));
}
