import type { PlannedStep } from './plan.ts';
import { buildAllSteps, type Promotion, type StepProgress } from './promotion.ts';
import type { Inspection, PromotionOutcome, ToolExit } from './promotionEvent.ts';
import { behindFact, buildVerification, pickExpectations } from './verification.ts';

/** What the runner does next with a promotion that is running. */
export type NextAction =
  | { readonly type: 'run'; readonly step: PlannedStep }
  | { readonly type: 'recover'; readonly step: PlannedStep; readonly progress: StepProgress }
  | { readonly type: 'compensate'; readonly step: PlannedStep; readonly inspection: Inspection }
  | { readonly type: 'confirm'; readonly step: PlannedStep }
  | { readonly type: 'end'; readonly outcome: PromotionOutcome; readonly reason: string };

/**
 * How often one promotion tries to put right what a broken run left: once, and again when the machine went down in the
 * middle of it. After that a person is asked.
 */
const mostCompensations = 3;

/** Decides what comes next from the promotion's events alone, so that a restart decides the same. */
export function decideNextAction(promotion: Promotion): NextAction {
  const steps = buildAllSteps(promotion);
  for (const [index, step] of steps.entries()) {
    const progress = promotion.steps[index];
    if (!progress) {
      throw new Error(`promotion ${promotion.id} has no progress for step ${step.id}`);
    }
    const action = decideForStep(promotion, step, progress);
    if (action) {
      return action;
    }
  }
  return decideEnd(promotion);
}

/** Helm does not wait for what its rollback brings back: it is looked at before anybody hears of it. */
function decideEnd(promotion: Promotion): NextAction {
  const last = promotion.compensations.at(-1);
  if (!last) {
    return { type: 'end', outcome: 'succeeded', reason: buildSuccessReason(promotion) };
  }
  const [confirmation] =
    last.kind === 'helmRollback'
      ? buildVerification(`verify-${last.id}`, {
          expected: pickExpectations(last.input),
          timeoutSeconds: last.timeoutSeconds,
        })
      : [];
  return confirmation
    ? { type: 'confirm', step: confirmation }
    : {
        type: 'end',
        outcome: 'rolledBack',
        reason: promotion.reason ?? 'What the run had left was put right.',
      };
}

/** The end of a step by what the real world says after it; the exit code is only a hint. */
export function decideStepOutcome(options: {
  readonly inspection: Inspection;
  readonly exit?: ToolExit;
  readonly cancelRequested: boolean;
}): 'done' | 'failed' | 'cancelled' | 'unknown' {
  switch (options.inspection.state) {
    case 'done':
      return 'done';
    case 'unknown':
      return 'unknown';
    case 'failed':
    case 'notDone':
    case 'partial':
    case 'running':
      return options.cancelRequested ? 'cancelled' : 'failed';
  }
}

/**
 * What recovery does with a step in flight once it is known whether its tool ever ran. A tool that only looks is run
 * again unless it has ended: what it says is the point of it, and twice does no harm.
 */
export function decideRecovery(
  tool: 'neverStarted' | 'running' | 'ended' | 'lost',
  inspection: Inspection,
  effect: 'changes' | 'looks' = 'changes',
): 'adopt' | 'goOn' | 'runAgain' | 'stop' | 'ask' {
  if (tool === 'running') {
    return 'adopt';
  }
  if (effect === 'looks' && tool !== 'ended') {
    return 'runAgain';
  }
  if (inspection.state === 'unknown') {
    return 'ask';
  }
  if (tool === 'neverStarted' && inspection.state === 'notDone') {
    return 'runAgain';
  }
  return inspection.state === 'done' ? 'goOn' : 'stop';
}

function decideForStep(
  promotion: Promotion,
  step: PlannedStep,
  progress: StepProgress,
): NextAction | undefined {
  const { compensations } = promotion;
  const isCompensation = compensations.includes(step);
  // What a later step puts right counts no more.
  const compensated = compensations.length > 0 && step !== compensations.at(-1);
  const summary = progress.inspection?.summary ?? 'nothing is known';
  switch (progress.state) {
    case 'done':
      return undefined;
    case 'running':
      return { type: 'recover', step, progress };
    case 'waiting':
      if (compensated) {
        return undefined;
      }
      return promotion.cancelRequested && !isCompensation
        ? {
            type: 'end',
            outcome: 'cancelled',
            reason: `Cancelled before "${step.title}". ${buildDoneSoFar(promotion)}`,
          }
        : { type: 'run', step };
    case 'unknown':
      return { type: 'end', outcome: 'needsPerson', reason: `"${step.title}": ${summary}` };
    case 'failed':
    case 'cancelled':
      if (compensated) {
        return undefined;
      }
      if (progress.inspection?.state === 'partial' && compensations.length < mostCompensations) {
        return { type: 'compensate', step, inspection: progress.inspection };
      }
      if (isCompensation) {
        return {
          type: 'end',
          outcome: 'needsPerson',
          reason: `"${step.title}" did not put it right: ${summary}`,
        };
      }
      return { type: 'end', outcome: progress.state, reason: `"${step.title}": ${summary}` };
  }
}

function buildSuccessReason(promotion: Promotion): string {
  const { release, target } = promotion.plan;
  const behind = promotion.steps.flatMap(step => step.inspection?.facts[behindFact] ?? []);
  return behind.length === 0
    ? `${release.version} runs in ${target.environment}.`
    : `${release.version} is set in ${target.environment}, but not every pod runs it yet. ${behind.join(' ')}`;
}

function buildDoneSoFar(promotion: Promotion): string {
  const done = promotion.steps.filter(step => step.state === 'done');
  return done.length === 0
    ? 'Nothing was changed.'
    : done.map(step => step.inspection?.summary ?? step.id).join(' ');
}
