import type { Gate } from './gate.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { Inspection, PromotionEvent, PromotionOutcome, ToolExit } from './promotionEvent.ts';

/** The states of a promotion, in the order of its life. */
export const promotionStates = [
  'planned',
  'requested',
  'approved',
  'rejected',
  'expired',
  'withdrawn',
  'scheduled',
  'running',
  'verifying',
  'watching',
  'succeeded',
  'failed',
  'cancelled',
  'rolledBack',
  'needsPerson',
] as const;

/** The state of a promotion. */
export type PromotionState = (typeof promotionStates)[number];

/** How far a step has got. */
export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'unknown';

/** A step of a promotion as it stands. */
export type StepProgress = {
  readonly id: string;
  readonly state: StepState;
  readonly attempt: number;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly spool?: string;
  readonly inspection?: Inspection;
  readonly exit?: ToolExit;
};

/** One attempt to take a release to an environment, folded from its events. */
export type Promotion = {
  readonly id: string;
  readonly plan: Plan;
  readonly state: PromotionState;
  readonly person: string;
  readonly host?: string;
  readonly requestedAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly gates: readonly Gate[];
  /** The plan's steps and then the compensations', as they stand. */
  readonly steps: readonly StepProgress[];
  /** Steps that were added to put right what a broken run left. */
  readonly compensations: readonly PlannedStep[];
  readonly cancelRequested: boolean;
  /** Why it ended as it did. */
  readonly reason?: string;
  /** How often it went on after the daemon had died. */
  readonly recoveries: number;
};

/** True when nothing more will happen to a promotion by itself. */
export function promotionHasEnded(promotion: Promotion): boolean {
  return endedStates.has(promotion.state);
}

/** The plan's steps followed by the compensations, in the order in which they run. */
export function buildAllSteps(promotion: Promotion): readonly PlannedStep[] {
  return [...promotion.plan.steps, ...promotion.compensations];
}

/**
 * Folds one event of the journal into a promotion: `undefined` before its first event.
 * Throws an Error when the event cannot follow, since a journal with such an order is not ours.
 */
export function reducePromotion(
  promotion: Promotion | undefined,
  entry: { readonly promotionId: string; readonly time: string; readonly event: PromotionEvent },
): Promotion {
  const { event, time } = entry;
  if (event.type === 'promotion.requested') {
    if (promotion) {
      throw new Error(`promotion ${entry.promotionId} was requested twice`);
    }
    return buildRequested(entry.promotionId, event, time);
  }
  if (!promotion) {
    throw new Error(`${event.type} of promotion ${entry.promotionId} came before its request`);
  }
  if (promotionHasEnded(promotion)) {
    throw new Error(`${event.type} of promotion ${promotion.id} came after its end`);
  }
  return reduceRunning(promotion, event, time);
}

function buildRequested(
  id: string,
  event: Extract<PromotionEvent, { type: 'promotion.requested' }>,
  time: string,
): Promotion {
  return {
    id,
    plan: event.plan,
    state: 'requested',
    person: event.person,
    requestedAt: time,
    gates: event.plan.gates,
    steps: event.plan.steps.map(step => ({ id: step.id, state: 'waiting', attempt: 0 })),
    compensations: [],
    cancelRequested: false,
    recoveries: 0,
  };
}

function reduceRunning(
  promotion: Promotion,
  event: Exclude<PromotionEvent, { type: 'promotion.requested' }>,
  time: string,
): Promotion {
  switch (event.type) {
    case 'promotion.started':
      return { ...promotion, state: 'running', startedAt: time, gates: event.gates, host: event.host };
    case 'step.intended':
      return {
        ...withStep(promotion, event.stepId, step => ({
          ...step,
          state: 'running',
          attempt: event.attempt,
          startedAt: step.startedAt ?? time,
          ...(event.spool === undefined ? {} : { spool: event.spool }),
        })),
        state: isVerification(promotion, event.stepId) ? 'verifying' : 'running',
      };
    case 'step.spawned':
      return promotion;
    case 'step.completed':
      return withStep(promotion, event.stepId, step => ({
        ...step,
        state: event.outcome,
        endedAt: time,
        inspection: event.inspection,
        ...(event.exit === undefined ? {} : { exit: event.exit }),
      }));
    case 'promotion.cancelRequested':
      return { ...promotion, cancelRequested: true };
    case 'promotion.compensating':
      return {
        ...promotion,
        state: 'running',
        compensations: [...promotion.compensations, event.step],
        steps: [...promotion.steps, { id: event.step.id, state: 'waiting', attempt: 0 }],
        reason: event.reason,
      };
    case 'promotion.recovered':
      return { ...promotion, recoveries: promotion.recoveries + 1 };
    case 'promotion.ended':
      return { ...promotion, state: event.outcome, endedAt: time, reason: event.reason };
  }
}

const endedStates: ReadonlySet<PromotionState> = new Set<PromotionOutcome | PromotionState>([
  'rejected',
  'expired',
  'withdrawn',
  'succeeded',
  'failed',
  'cancelled',
  'rolledBack',
  'needsPerson',
]);

function isVerification(promotion: Promotion, stepId: string): boolean {
  const kind = buildAllSteps(promotion).find(step => step.id === stepId)?.kind;
  return kind === 'verifyWorkloads' || kind === 'helmStatus';
}

function withStep(
  promotion: Promotion,
  stepId: string,
  change: (step: StepProgress) => StepProgress,
): Promotion {
  if (!promotion.steps.some(step => step.id === stepId)) {
    throw new Error(`promotion ${promotion.id} has no step ${stepId}`);
  }
  return { ...promotion, steps: promotion.steps.map(step => (step.id === stepId ? change(step) : step)) };
}
