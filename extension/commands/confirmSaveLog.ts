import * as vscode from 'vscode';
import type { LogView } from '../../daemon/protocol/log.ts';
import type { Words } from '../words.ts';

/** Asks before lines of an environment with live data are written to a file; true where nothing speaks against it. */
export async function confirmSaveLog(log: LogView, { t }: Words): Promise<boolean> {
  if (log.data !== 'live') {
    return true;
  }
  const save = t('Save Anyway...');
  const choice = await vscode.window.showWarningMessage(
    t('{0} holds live data, and its logs may too.', log.environment),
    {
      modal: true,
      detail: t('A saved log stays on this machine until somebody removes it. Only you can read the file.'),
    },
    save,
  );
  return choice === save;
}
