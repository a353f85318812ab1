import * as vscode from 'vscode';
import type { ReleaseStore } from '../state/releaseStore.ts';
import { processTimer, Throttle } from '../state/throttle.ts';
import type { Words } from '../words.ts';
import { buildStatusText } from './statusText.ts';

/** Shows Slipway's one status bar item; a click shows the Releases view. */
export function registerStatusBar(parts: {
  readonly store: ReleaseStore;
  readonly words: Words;
}): vscode.Disposable {
  const { store, words } = parts;
  const item = vscode.window.createStatusBarItem('slipway.status', vscode.StatusBarAlignment.Left, 10);
  item.name = words.t('Slipway');
  item.command = 'slipway.releases.focus';
  const update = () => {
    const status = buildStatusText(store.state, words);
    if (!status) {
      item.hide();
      return;
    }
    item.text = status.text;
    item.tooltip = status.tooltip;
    item.backgroundColor =
      status.severity === undefined
        ? undefined
        : new vscode.ThemeColor(`statusBarItem.${status.severity}Background`);
    item.show();
  };
  const throttle = new Throttle({ intervalMs: 250, timer: processTimer, action: update });
  update();
  const stop = store.onDidChange(() => throttle.request());
  return vscode.Disposable.from(item, throttle, { dispose: stop });
}
