import * as vscode from 'vscode';
import { keptLogSchema } from '../../webview/protocol/logMessages.ts';
import { buildLogTitle, LogPanel } from './logPanel.ts';
import type { LogPanelParts } from './logPanelParts.ts';
import type { LogPlace } from './logPlace.ts';
import { findTabs, showHiddenTab } from './showHiddenTab.ts';

/** The kind of these tabs, in package.json too: a window that is loaded anew asks for them by it. */
const logPanelType = 'slipway.logs';

/** The tabs that are open, as far as they have been on the screen of this window. */
const panels = new Set<LogPanel>();

/** Fires when a tab comes onto the screen, for the first time or again. */
const onShown = new vscode.EventEmitter<LogPanel>();

/** So long a tab may take to get its panel once it is shown, in milliseconds. */
const restoreMs = 10_000;

/** Shows the log of a workload: in the tab that has it, or in a new one. Rejects where it cannot be had. */
export async function openLogPanel(parts: LogPanelParts, place: LogPlace): Promise<void> {
  const title = buildLogTitle(place, parts.words.t);
  const open = findPanel(place) ?? (await restoreHidden(place, title));
  if (open) {
    open.reveal();
    return;
  }
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
  options: Omit<ConstructorParameters<typeof LogPanel>[1], 'onClosed' | 'onShown'>,
): LogPanel {
  const panel: LogPanel = new LogPanel(parts, {
    ...options,
    onShown: () => onShown.fire(panel),
    onClosed: () => panels.delete(panel),
  });
  panels.add(panel);
  onShown.fire(panel);
  return panel;
}

function findPanel(place: LogPlace): LogPanel | undefined {
  return [...panels].find(panel => isSame(panel.place, place));
}

/**
 * A window that was loaded anew gives a tab its panel when the tab is shown for the first time. Until then only the title
 * is known, and another log may have the same: those that have no panel yet are shown one after the other.
 */
async function restoreHidden(place: LogPlace, title: string): Promise<LogPanel | undefined> {
  const tabs = findTabs({ viewType: logPanelType, title });
  const known = [...panels].filter(panel => panel.title === title).length;
  for (const tab of tabs.length > known ? tabs : []) {
    const { viewColumn } = tab.group;
    const isMeant = (panel: LogPanel) => panel.title === title && panel.isShownIn(viewColumn);
    if (!(tab.isActive && [...panels].some(isMeant))) {
      const shown = whenShown(isMeant);
      await showHiddenTab(tab);
      await shown;
    }
    const found = findPanel(place);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/** Resolves when a tab that is meant is on the screen, or after a while. */
function whenShown(isMeant: (panel: LogPanel) => boolean): Promise<void> {
  return new Promise(resolve => {
    const finish = () => {
      clearTimeout(timer);
      listening.dispose();
      resolve();
    };
    const timer = setTimeout(finish, restoreMs);
    const listening = onShown.event(panel => isMeant(panel) && finish());
  });
}

function isSame(one: LogPlace, other: LogPlace): boolean {
  return (
    one.repositoryId === other.repositoryId &&
    one.environment === other.environment &&
    one.workload === other.workload
  );
}
