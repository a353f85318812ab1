import * as vscode from 'vscode';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { pickRepository } from './pickRepository.ts';

/** Opens slipway.yaml, at the first thing to mend where there is one; else the file that was meant as it. */
export async function openProcedure(context: CommandContext, target: ItemTarget): Promise<void> {
  const repository = await pickRepository(context, target);
  if (!repository) {
    return;
  }
  const uri = vscode.Uri.joinPath(
    vscode.Uri.file(repository.folder),
    repository.misplaced?.path ?? 'slipway.yaml',
  );
  const [first] = repository.diagnostics;
  const selection =
    first && new vscode.Range(first.startLine, first.startColumn, first.endLine, first.endColumn);
  await vscode.window.showTextDocument(uri, selection ? { selection } : {});
}
