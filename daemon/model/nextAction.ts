import type { PlannedStep } from './plan.ts';
import { buildAllSteps, type Promotion, type StepProgress } from './promotion.ts';
import type { Inspection, PromotionOutcome, ToolExit } from './promotionEvent.ts';

/** What the runner does next with a promotion that is running. */
export type NextAction =
  | { readonly type: 'run'; readonly step: PlannedStep }
  | { readonly type: 'recover'; readonly step: PlannedStep; readonly progress: StepProgress }
  | { readonly type: 'compensate'; readonly step: PlannedStep; readonly inspection: Inspection }
  | { readonly type: 'end'; readonly outcome: PromotionOutcome; readonly reason: string };

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
  return promotion.compensations.length > 0
    ? {
        type: 'end',
        outcome: 'rolledBack',
        reason: promotion.reason ?? 'What the run had left was put right.',
      }
    : { type: 'end', outcome: 'succeeded', reason: buildSuccessReason(promotion) };
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

/** What recovery does with a step in flight once it is known whether its tool ever ran. */
export function decideRecovery(
  tool: 'neverStarted' | 'running' | 'ended' | 'lost',
  inspection: Inspection,
): 'adopt' | 'goOn' | 'runAgain' | 'stop' | 'ask' {
  if (tool === 'running') {
    return 'adopt';
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
  const isCompensation = promotion.compensations.includes(step);
  const compensated = promotion.compensations.length > 0 && !isCompensation;
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
      if (isCompensation) {
        return {
          type: 'end',
          outcome: 'needsPerson',
          reason: `"${step.title}" did not put it right: ${summary}`,
        };
      }
      if (compensated) {
        return undefined;
      }
      if (progress.inspection?.state === 'partial') {
        return { type: 'compensate', step, inspection: progress.inspection };
      }
      return { type: 'end', outcome: progress.state, reason: `"${step.title}": ${summary}` };
  }
}

function buildSuccessReason(promotion: Promotion): string {
  const { release, target } = promotion.plan;
  return `${release.version} runs in ${target.environment}.`;
}

function buildDoneSoFar(promotion: Promotion): string {
  const done = promotion.steps.filter(step => step.state === 'done');
  return done.length === 0
    ? 'Nothing was changed.'
    : done.map(step => step.inspection?.summary ?? step.id).join(' ');
}
