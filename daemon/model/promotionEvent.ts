import type { Digest } from './digest.ts';
import type { Gate } from './gate.ts';
import type { Plan, PlannedStep } from './plan.ts';

/** What a step's look at the real world said. */
export type Inspection = {
  readonly state: 'done' | 'notDone' | 'running' | 'partial' | 'failed' | 'unknown';
  /** One sentence for people: what was seen. */
  readonly summary: string;
  /** The facts behind it, by name. */
  readonly facts: Readonly<Record<string, string>>;
};

/** How a tool's process ended. */
export type ToolExit = {
  readonly code: number | null;
  /** Why Slipway thinks it ended so. */
  readonly reason: 'exited' | 'timedOut' | 'cancelled' | 'notFound' | 'lost';
};

/** The end of a promotion and why. */
export type PromotionOutcome = 'succeeded' | 'failed' | 'cancelled' | 'rolledBack' | 'needsPerson';

/** A fact of a promotion, as the journal keeps it; `type` names it, the rest is its payload. */
export type PromotionEvent =
  | { readonly type: 'promotion.requested'; readonly plan: Plan; readonly person: string }
  | { readonly type: 'promotion.started'; readonly gates: readonly Gate[]; readonly host: string }
  | {
      readonly type: 'step.intended';
      readonly stepId: string;
      /** 1 for the first time; more only after an inspection proved that nothing had been done. */
      readonly attempt: number;
      readonly argvDigest?: Digest;
      readonly spool?: string;
    }
  | {
      readonly type: 'step.spawned';
      readonly stepId: string;
      readonly pid: number;
      readonly startTime: string;
    }
  | {
      readonly type: 'step.completed';
      readonly stepId: string;
      readonly outcome: 'done' | 'failed' | 'cancelled' | 'unknown';
      readonly inspection: Inspection;
      readonly exit?: ToolExit;
      /** The digest of the step's output blob; the blob may be gone by retention, the digest stays. */
      readonly output?: Digest;
    }
  | { readonly type: 'promotion.cancelRequested'; readonly person: string }
  /** A step that Slipway adds to put right what a broken run left: the promotion then ends as rolled back. */
  | { readonly type: 'promotion.compensating'; readonly step: PlannedStep; readonly reason: string }
  | {
      readonly type: 'promotion.recovered';
      readonly stepId: string;
      readonly inspection: Inspection;
      readonly decision: 'adopt' | 'goOn' | 'runAgain' | 'stop' | 'ask';
    }
  | { readonly type: 'promotion.ended'; readonly outcome: PromotionOutcome; readonly reason: string };
