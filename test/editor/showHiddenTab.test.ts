import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { findTabs, showHiddenTab } from '../../extension/panels/showHiddenTab.ts';
import { waitUntil } from './extensionUnderTest.ts';

const viewType = 'slipway.testedTab';

describe('a tab that is hidden behind another', () => {
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('P-05o comes to the front of its group, also of the ninth', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (let column = 1; column <= 9; column++) {
      for (const title of [`hidden ${column}`, `front ${column}`]) {
        vscode.window.createWebviewPanel(viewType, title, column);
      }
    }
    const [find, list] = [
      (title: string) => findTabs({ viewType, title })[0],
      () => vscode.window.tabGroups.all.map(({ viewColumn, tabs }) => `${viewColumn}: ${tabs.length}`),
    ];
    await waitUntil(async () => assert.equal(find('front 9')?.isActive, true, list().join(', ')));
    for (const column of [9, 3, 8, 9]) {
      const hidden = find(`hidden ${column}`);
      assert.ok(hidden && hidden.group.viewColumn === column, list().join(', '));
      await showHiddenTab(hidden);
      await waitUntil(async () => assert.equal(find(`hidden ${column}`)?.isActive, true, `${column}`));
    }
  });
});
