import * as vscode from 'vscode';
import type { Promotion } from '../../daemon/protocol/promotion.ts';
import { buildEndSentence } from '../promotionWords.ts';
import { findEndedPromotions } from '../state/endedPromotions.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import type { Words } from '../words.ts';

const mementoKey = 'slipway.seenRunning';

/** Tells once per window that a promotion has ended; progress stays in the view. */
export function registerNotifications(parts: {
  readonly store: ReleaseStore;
  readonly words: Words;
  readonly memento: vscode.Memento;
}): vscode.Disposable {
  const { store, words, memento } = parts;
  let seen: ReadonlySet<string> = new Set(memento.get<string[]>(mementoKey, []));
  const told = new Set<string>();
  const update = () => {
    const { ended, running } = findEndedPromotions(store.state, seen);
    if (!isSame(running, seen)) {
      seen = running;
      void memento.update(mementoKey, [...running]);
    }
    for (const promotion of ended.filter(({ id }) => !told.has(id))) {
      told.add(promotion.id);
      void showEnd(promotion, words);
    }
  };
  update();
  return { dispose: store.onDidChange(update) };
}

async function showEnd(promotion: Promotion, words: Words): Promise<void> {
  const { t } = words;
  const sentence = buildEndSentence(promotion, t);
  const timeline = t('Show Timeline');
  const rollBack = t('Roll Back...');
  const target = {
    repositoryId: promotion.plan.repositoryId,
    environment: promotion.plan.target.environment,
    promotionId: promotion.id,
  };
  const wentWrong = promotion.state === 'failed' || promotion.state === 'needsPerson';
  const show = wentWrong ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  const isRollback = promotion.plan.kind === 'rollback' && promotion.state === 'succeeded';
  const choice = await show(sentence, timeline, ...(isRollback ? [] : [rollBack]));
  if (choice === timeline) {
    await vscode.commands.executeCommand('slipway.showTimeline', target);
  } else if (choice === rollBack) {
    await vscode.commands.executeCommand('slipway.rollBackEnvironment', target);
  }
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every(value => b.has(value));
}
