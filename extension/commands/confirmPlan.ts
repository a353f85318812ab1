import * as vscode from 'vscode';
import type { Plan } from '../../daemon/protocol/plan.ts';
import { buildHeldSentence } from '../promotionWords.ts';
import type { CommandContext } from './commandContext.ts';

/** How long the daemon may take to decide the gates and to start. */
const startMs = 60_000;

/** Asks for the confirmation that a plan needs and starts it; a plan that gates hold back is not offered. */
export async function confirmPlan(context: CommandContext, plan: Plan): Promise<void> {
  const held = plan.gates.filter(gate => gate.state !== 'pass');
  if (held.length > 0) {
    showHeld(context, plan);
    return;
  }
  const confirmation = await (plan.confirmation === 'typeEnvironment'
    ? askToType(context, plan)
    : askOnce(context, plan));
  if (confirmation === undefined) {
    return;
  }
  const { promotionId } = await context.daemon.request(
    'promotion.start',
    { planId: plan.id, planDigest: plan.digest, confirmation },
    { timeoutMs: startMs },
  );
  context.store.apply({ type: 'planStarted', planId: plan.id, promotionId });
  await vscode.commands.executeCommand('slipway.releases.focus');
}

/** Says why a plan cannot be started; it waits for nobody, since the plan beside it says more. */
function showHeld({ words }: CommandContext, plan: Plan): void {
  const { repositoryId, release, target } = plan;
  const show = words.t('Show Checklist');
  // Without a button VS Code would fold it into one line, and cut that off.
  void vscode.window.showWarningMessage(buildHeldSentence(plan, words), show).then(choice => {
    const about = { repositoryId, environment: target.environment, release: release.version };
    return choice === show && vscode.commands.executeCommand('slipway.showChecklist', about);
  });
}

async function askToType({ words }: CommandContext, plan: Plan): Promise<string | undefined> {
  const { t } = words;
  const { target, release } = plan;
  return vscode.window
    .showInputBox({
      title: t('Promote {0} to {1}', release.version, target.environment),
      prompt: t(
        'Cluster {0}, namespace {1}. Type {2} to start; Escape leaves the plan open.',
        target.server,
        target.namespace,
        target.environment,
      ),
      placeHolder: target.environment,
      // The person reads the plan meanwhile.
      ignoreFocusOut: true,
      validateInput: value =>
        value === target.environment || value === '' ? undefined : t('Type exactly {0}', target.environment),
    })
    .then(typed => (typed === target.environment ? typed : undefined));
}

async function askOnce({ words }: CommandContext, plan: Plan): Promise<string | undefined> {
  const { t } = words;
  const { target, release, kind } = plan;
  const isRollback = kind === 'rollback';
  const start = isRollback ? t('Roll Back') : t('Start Promotion');
  const read = t('Read the Plan First');
  const choice = await vscode.window.showWarningMessage(
    isRollback
      ? t('Roll {0} back to {1}?', target.environment, release.version)
      : t('Promote {0} to {1}?', release.version, target.environment),
    {
      modal: true,
      detail: [
        t('Cluster {0} (context {1})', target.server, target.context),
        t('Namespace {0}', target.namespace),
        ...plan.steps.map(step => `\u2022 ${step.title}`),
        ...plan.warnings.map(words.said),
      ].join('\n'),
    },
    start,
    read,
  );
  return choice === start ? target.environment : undefined;
}
