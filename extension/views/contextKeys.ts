import * as vscode from 'vscode';
import { isEnded } from '../promotionWords.ts';
import { decideMilestones } from '../state/milestones.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import { listRepositories } from '../state/storeState.ts';
import { decideProblem, decideViewState } from '../state/viewState.ts';

/** Keeps the context keys that package.json asks for: `slipway.view` for welcome texts, `slipway.running` for menus. */
export function registerContextKeys(store: ReleaseStore): vscode.Disposable {
  const known = new Map<string, unknown>();
  const set = (key: string, value: unknown) => {
    if (known.get(key) !== value) {
      known.set(key, value);
      void vscode.commands.executeCommand('setContext', key, value);
    }
  };
  const update = () => {
    set('slipway.view', decideViewState(store.state));
    set('slipway.problem', decideProblem(store.state));
    for (const [name, reached] of Object.entries(decideMilestones(store.state))) {
      set(`slipway.${name}`, reached);
    }
    set('slipway.loginWaits', store.state.logins.size > 0);
    set(
      'slipway.running',
      listRepositories(store.state).some(({ promotions }) => promotions.some(({ state }) => !isEnded(state))),
    );
  };
  update();
  return { dispose: store.onDidChange(update) };
}
