import * as vscode from 'vscode';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import { processTimer } from '../state/throttle.ts';
import { decideViewState } from '../state/viewState.ts';
import type { Words } from '../words.ts';
import { followSelection } from './followSelection.ts';
import { type ItemNode, ItemTree } from './itemTree.ts';
import { buildReleaseItems, countFailing } from './releaseItems.ts';
import type { ViewItem } from './viewItem.ts';

/** Shows the Releases view; `loadRelease` asks for what changed between a release and each environment. */
export function registerReleasesTree(parts: {
  readonly store: ReleaseStore;
  readonly words: Words;
  readonly loadRelease: (release: NonNullable<ViewItem['load']>) => void;
  readonly onSelected: (target: ItemTarget) => void;
}): vscode.Disposable & { readonly tree: ItemTree } {
  const { store, words } = parts;
  const tree = new ItemTree({
    store,
    build: state => buildReleaseItems(state, words),
    onOpened: item => item.load && parts.loadRelease(item.load),
    onGiven: () => setImmediate(() => selection.look()),
  });
  const view = vscode.window.createTreeView('slipway.releases', {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  const update = () => updateView(view, store, words);
  update();
  const stop = store.onDidChange(update);
  const selection = followSelection(view, {
    tell: node => parts.onSelected(node.target),
    timer: processTimer,
  });
  const all = vscode.Disposable.from(selection, view, tree, { dispose: stop });
  return { tree, dispose: () => all.dispose() };
}

function updateView(view: vscode.TreeView<ItemNode>, store: ReleaseStore, words: Words): void {
  const { t } = words;
  const failing = countFailing(store.state);
  const badge =
    failing > 0
      ? {
          value: failing,
          tooltip: failing === 1 ? t('1 environment is failing') : t('{0} environments are failing', failing),
        }
      : undefined;
  if (view.badge?.value !== badge?.value) {
    view.badge = badge;
  }
  const { daemon } = store.state;
  const message = buildMessage(store, words);
  if (view.message !== message) {
    // `undefined` takes the message away, which the type of VS Code 1.110 does not say with exact optional types.
    (view as { message?: string | undefined }).message = message;
  }
  const host = daemon.state === 'connected' ? daemon.host : undefined;
  if (view.description !== host && vscode.env.remoteName !== undefined) {
    (view as { description?: string | undefined }).description = host;
  }
}

/** Says when what is shown may be old, and when an older daemon goes on. */
function buildMessage({ state }: ReleaseStore, { t, time }: Words): string | undefined {
  const { daemon } = state;
  if (daemon.state === 'connected') {
    return daemon.notice;
  }
  // A message would hide the welcome text, which says what to do.
  if (daemon.state === 'starting' || decideViewState(state) !== 'ready') {
    return undefined;
  }
  return daemon.state === 'reconnecting'
    ? t('Connecting to Slipway\u2019s daemon again: what you see is as of {0}.', time(daemon.since))
    : t('No connection to Slipway\u2019s daemon: what you see is as of {0}.', time(daemon.since));
}
