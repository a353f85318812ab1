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

/** Brings a tab to the front of its group. There is no call for it, so it is done by the commands that the keys run. */
export async function showHiddenTab(tab: vscode.Tab): Promise<void> {
  const { viewColumn, tabs } = tab.group;
  const index = tabs.indexOf(tab);
  if (!tab.isActive && index >= 0) {
    for (const command of listFocusCommands(viewColumn)) {
      await vscode.commands.executeCommand(command);
    }
    await vscode.commands.executeCommand('workbench.action.openEditorAtIndex', index);
  }
}

/** A group beyond the eighth has no key of its own: it comes after the eighth. */
function listFocusCommands(viewColumn: number): readonly string[] {
  const near = groups[viewColumn - 1];
  return near === undefined
    ? [
        focus('Eighth'),
        ...Array.from({ length: viewColumn - groups.length }, () => 'workbench.action.focusNextGroup'),
      ]
    : [focus(near)];
}

const groups = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth'];

function focus(group: string): string {
  return `workbench.action.focus${group}EditorGroup`;
}
