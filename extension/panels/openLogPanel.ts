import * as vscode from 'vscode';
import { keptLogSchema } from '../../webview/protocol/logMessages.ts';
import { buildLogTitle, LogPanel } from './logPanel.ts';
import type { LogPanelParts } from './logPanelParts.ts';
import type { LogPlace } from './logPlace.ts';

/** The kind of these tabs, in package.json too: a window that is loaded anew asks for them by it. */
export const logPanelType = 'slipway.logs';

/** The tabs that are open. */
const panels = new Set<LogPanel>();

/** Shows the log of a workload: in the tab that has it, or in a new one. Rejects where it cannot be had. */
export async function openLogPanel(parts: LogPanelParts, place: LogPlace): Promise<void> {
  const open = [...panels].find(panel => isSame(panel.place, place));
  if (open) {
    open.reveal();
    return;
  }
  const title = buildLogTitle(place, parts.words.t);
  const panel = vscode.window.createWebviewPanel(logPanelType, title, vscode.ViewColumn.Active, {
    retainContextWhenHidden: false,
  });
  const tailLines = vscode.workspace.getConfiguration('slipway.logs').get('tailLines', 1000);
  const added = addPanel(parts, { panel, place, range: { previous: false, tailLines } });
  try {
    await added.open();
  } catch (error) {
    added.close();
    throw error;
  }
}

/** Fills a tab again after its window was loaded anew, by what its page kept. */
export function restoreLogPanel(parts: LogPanelParts, panel: vscode.WebviewPanel, state: unknown): void {
  const kept = keptLogSchema.safeParse(state);
  if (!kept.success) {
    panel.dispose();
    return;
  }
  const { repositoryId, environment, workload, range, logId } = kept.data;
  const place = { repositoryId, environment, workload };
  addPanel(parts, { panel, place, range, logId }).openLater(parts.store.state.daemon.state === 'connected');
}

function addPanel(
  parts: LogPanelParts,
  options: Omit<ConstructorParameters<typeof LogPanel>[1], 'onClosed'>,
): LogPanel {
  const panel: LogPanel = new LogPanel(parts, { ...options, onClosed: () => panels.delete(panel) });
  panels.add(panel);
  return panel;
}

function isSame(one: LogPlace, other: LogPlace): boolean {
  return (
    one.repositoryId === other.repositoryId &&
    one.environment === other.environment &&
    one.workload === other.workload
  );
}
