import * as vscode from 'vscode';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';

/** Copies the version of a row. */
export async function copyVersion(_context: CommandContext, target: ItemTarget): Promise<void> {
  await copy(target.release);
}

/** Copies the commit id of a row. */
export async function copyCommit(_context: CommandContext, target: ItemTarget): Promise<void> {
  await copy(target.commit);
}

async function copy(text: string | undefined): Promise<void> {
  if (text !== undefined) {
    await vscode.env.clipboard.writeText(text);
  }
}
