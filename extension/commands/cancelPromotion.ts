import * as vscode from 'vscode';
import { buildEndSentence, buildPromotionTitle, isEnded } from '../promotionWords.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { pickPromotion } from './pickPromotion.ts';
import { runInView } from './runCancellable.ts';

/** Helm gets the time it needs to end in order. */
const cancelMs = 15 * 60_000;

/** Stops a running promotion: its step is interrupted, and what the cluster then says is told. */
export async function cancelPromotion(context: CommandContext, target: ItemTarget): Promise<void> {
  const { daemon, words } = context;
  const { t } = words;
  const promotion = await pickPromotion(context, target, {
    fits: ({ state }) => !isEnded(state),
    title: t('Cancel Promotion'),
    none: t('No promotion is running.'),
  });
  if (!promotion) {
    return;
  }
  const stop = t('Stop It');
  const choice = await vscode.window.showWarningMessage(
    t('Stop {0}?', buildPromotionTitle(promotion.plan, t)),
    {
      modal: true,
      detail: t(
        'Cluster {0}, namespace {1}. The running step is interrupted and given time to end; then Slipway looks at the cluster and puts right what is half done.',
        promotion.plan.target.server,
        promotion.plan.target.namespace,
      ),
    },
    stop,
  );
  if (choice !== stop) {
    return;
  }
  const answer = await runInView(() =>
    daemon.request('promotion.cancel', { promotionId: promotion.id }, { timeoutMs: cancelMs }),
  );
  // The end of a promotion is told by the window anyway; anything else would go unsaid.
  if (!isEnded(answer.promotion.state)) {
    void vscode.window.showInformationMessage(buildEndSentence(answer.promotion, t));
  }
}
