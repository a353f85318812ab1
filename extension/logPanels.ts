import * as vscode from 'vscode';
import { confirmSaveLog } from './commands/confirmSaveLog.ts';
import type { LogPanelParts } from './panels/logPanelParts.ts';

/** Opens logs in tabs of the editor. */
export type LogPanels = vscode.Disposable & {
  /** Shows the log of a workload; rejects where it cannot be had. */
  readonly open: (place: {
    readonly repositoryId: string;
    readonly environment: string;
    readonly workload: string;
  }) => Promise<void>;
};

/** Registers the tabs of logs; their code, and the schemas with it, is loaded with the first one. */
export function registerLogPanels(options: Omit<LogPanelParts, 'confirmSave'>): LogPanels {
  const parts: LogPanelParts = { ...options, confirmSave: log => confirmSaveLog(log, options.words) };
  const load = () => import('./panels/openLogPanel.ts');
  const serializer = vscode.window.registerWebviewPanelSerializer('slipway.logs', {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      (await load()).restoreLogPanel(parts, panel, state);
    },
  });
  return {
    open: async place => (await load()).openLogPanel(parts, place),
    dispose: () => serializer.dispose(),
  };
}
