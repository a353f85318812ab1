import * as vscode from 'vscode';
import type { ReleaseStore } from '../state/releaseStore.ts';
import type { Words } from '../words.ts';
import { buildActivityItems } from './activityItems.ts';
import { ItemTree } from './itemTree.ts';

/** Shows the Activity view: the history of promotions. */
export function registerActivityTree(parts: {
  readonly store: ReleaseStore;
  readonly words: Words;
}): vscode.Disposable & { readonly tree: ItemTree } {
  const tree = new ItemTree({ store: parts.store, build: state => buildActivityItems(state, parts.words) });
  const view = vscode.window.createTreeView('slipway.activity', {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  const all = vscode.Disposable.from(view, tree);
  return { tree, dispose: () => all.dispose() };
}
