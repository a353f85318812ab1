import * as vscode from 'vscode';
import { documentSchemes } from '../state/documentPaths.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import type { Words } from '../words.ts';

/** Offers, below the title of a plan's document, to start it and to see its two diffs. */
export function registerPlanLenses(parts: {
  readonly store: ReleaseStore;
  readonly words: Words;
}): vscode.Disposable {
  const changes = new vscode.EventEmitter<void>();
  const stop = parts.store.onDidChange(changed => {
    if ([...changed].some(key => key.startsWith('plan/'))) {
      changes.fire();
    }
  });
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changes.event,
    provideCodeLenses: document => buildLenses(document.uri.query, parts),
  };
  const registration = vscode.languages.registerCodeLensProvider({ scheme: documentSchemes.plan }, provider);
  return vscode.Disposable.from(registration, changes, { dispose: stop });
}

function buildLenses(
  planId: string,
  { store, words }: { readonly store: ReleaseStore; readonly words: Words },
): vscode.CodeLens[] {
  const { t } = words;
  const plan = store.state.plans.get(planId);
  if (!plan) {
    return [];
  }
  // Below the title: VS Code hides what is offered above a document's first line until somebody scrolls up.
  const top = new vscode.Range(2, 0, 2, 0);
  const lens = (title: string, command: string, target: unknown) =>
    new vscode.CodeLens(top, { title, command, arguments: [target] });
  const promotionId = store.state.started.get(planId);
  const held = plan.gates.filter(gate => gate.state !== 'pass').length;
  return [
    ...(promotionId === undefined
      ? []
      : [lens(t('$(history) Show Timeline'), 'slipway.showTimeline', { promotionId })]),
    ...(promotionId === undefined && held === 0
      ? [lens(t('$(rocket) Start Promotion'), 'slipway.startPromotion', { planId })]
      : []),
    ...(promotionId === undefined && held > 0
      ? [lens(t('$(lock) Held back: plan again'), 'slipway.planAgain', { planId })]
      : []),
    lens(t('$(diff) Diff against Helm\u2019s stored manifest'), 'slipway.diffStoredManifest', { planId }),
    lens(t('$(diff) Diff against the live cluster'), 'slipway.diffLiveCluster', { planId }),
  ];
}
