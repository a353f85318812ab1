import * as vscode from 'vscode';
import type { Params } from '../../daemon/protocol/messages.ts';
import type { Plan } from '../../daemon/protocol/plan.ts';
import { buildPromotionTitle } from '../promotionWords.ts';
import { buildPlanPlace } from '../state/documentPaths.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import { readFailure } from '../state/readFailure.ts';
import type { CommandContext } from './commandContext.ts';
import { CommandFailure } from './commandFailure.ts';
import { confirmPlan } from './confirmPlan.ts';
import { runCancellable } from './runCancellable.ts';

/** How long making a plan may take: it reads git, the chart and the cluster. */
const planMs = 3 * 60_000;

/** Makes a plan, shows it, and starts it when the person confirms; does nothing when they cancel. */
export async function planAndConfirm(
  context: CommandContext,
  wanted: Params<'promotion.plan'>,
): Promise<void> {
  const { daemon, store, words } = context;
  const { repositoryId, environment, release } = wanted;
  const target = { repositoryId, environment, ...(release === undefined ? {} : { release }) };
  const plan = await aboutTarget(target, () =>
    runCancellable(words.t('Making the plan for {0}', environment), signal =>
      daemon.request('promotion.plan', wanted, { signal, timeoutMs: planMs }),
    ),
  );
  if (!plan) {
    return;
  }
  store.apply({ type: 'planned', plan });
  await showPlan(context, plan);
  await aboutTarget({ ...target, planId: plan.id }, () => confirmPlan(context, plan));
}

/** Lets a failure say what it is about, so that the buttons of its message need not ask again. */
async function aboutTarget<T>(target: ItemTarget, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    const { code, message, next } = readFailure(error);
    throw new CommandFailure(code, message, next, target);
  }
}

/** Opens a plan's document. */
async function showPlan({ words }: CommandContext, plan: Plan): Promise<void> {
  const title = words.t('Plan {0}', buildPromotionTitle(plan, words.t));
  const uri = vscode.Uri.from(buildPlanPlace({ id: plan.id, title }));
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}
