import * as vscode from 'vscode';
import { buildPromotionTitle } from '../promotionWords.ts';
import { buildTimelinePlace } from '../state/documentPaths.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { pickPromotion } from './pickPromotion.ts';

/** Opens the account of a promotion: steps, times, what the cluster said, the journal's events. */
export async function showTimeline(context: CommandContext, target: ItemTarget): Promise<void> {
  const { t } = context.words;
  const promotion = await pickPromotion(context, target, {
    fits: () => true,
    title: t('Show Timeline'),
    none: t('There is no promotion yet.'),
  });
  if (promotion) {
    const title = t('Timeline {0}', buildPromotionTitle(promotion.plan, t));
    const uri = vscode.Uri.from(buildTimelinePlace({ id: promotion.id, title }));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }
}
