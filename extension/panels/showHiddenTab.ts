import * as vscode from 'vscode';

/** What tells a tab of ours from others before it has a panel. */
export type TabOfPanel = {
  /** The kind of the webview, as it was created with. */
  readonly viewType: string;
  readonly title: string;
};

/** The tabs of this kind with this title, those first that are on the screen. */
export function findTabs({ viewType, title }: TabOfPanel): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input, label }) => {
      // VS Code puts a name of its own before the kind: `mainThreadWebview-slipway.logs`.
      const isKind = input instanceof vscode.TabInputWebview && input.viewType.endsWith(`-${viewType}`);
      return isKind && label === title;
    })
    .toSorted((one, other) => Number(other.isActive) - Number(one.isActive));
}

/**
 * Brings a tab to the front of its group. There is no call for it, so it is done by the commands that the keys run;
 * a group beyond the eighth has none, and its tabs stay where they are.
 */
export async function showHiddenTab(tab: vscode.Tab): Promise<void> {
  const { viewColumn, tabs } = tab.group;
  const focusGroup = focusCommands[viewColumn - 1];
  const index = tabs.indexOf(tab);
  if (!tab.isActive && focusGroup !== undefined && index >= 0) {
    await vscode.commands.executeCommand(focusGroup);
    await vscode.commands.executeCommand('workbench.action.openEditorAtIndex', index);
  }
}

const focusCommands = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth'].map(
  number => `workbench.action.focus${number}EditorGroup`,
);
