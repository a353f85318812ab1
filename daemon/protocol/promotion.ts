import * as z from 'zod';
import { type Promotion, promotionStates } from '../model/promotion.ts';
import type { Inspection, ToolExit } from '../model/promotionEvent.ts';
import { notification, request } from './define.ts';
import { gateSchema } from './gate.ts';
import { plannedStepSchema, planSchema } from './plan.ts';

/** What a step's look at the world said, as it travels. */
export const inspectionSchema: z.ZodType<Inspection> = z.object({
  state: z.enum(['done', 'notDone', 'running', 'partial', 'failed', 'unknown']),
  summary: z.string(),
  facts: z.record(z.string(), z.string()),
});

/** How a tool ended, as it travels. */
export const toolExitSchema: z.ZodType<ToolExit> = z.object({
  code: z.nullable(z.number()),
  reason: z.enum(['exited', 'timedOut', 'cancelled', 'notFound', 'lost']),
});

/** A promotion as it travels. */
export const promotionSchema: z.ZodType<Promotion> = z.object({
  id: z.string(),
  plan: planSchema,
  state: z.enum(promotionStates),
  person: z.string(),
  host: z.exactOptional(z.string()),
  requestedAt: z.string(),
  startedAt: z.exactOptional(z.string()),
  endedAt: z.exactOptional(z.string()),
  gates: z.array(gateSchema),
  steps: z.array(
    z.object({
      id: z.string(),
      state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled', 'unknown']),
      attempt: z.number(),
      startedAt: z.exactOptional(z.string()),
      endedAt: z.exactOptional(z.string()),
      spool: z.exactOptional(z.string()),
      inspection: z.exactOptional(inspectionSchema),
      exit: z.exactOptional(toolExitSchema),
    }),
  ),
  compensations: z.array(plannedStepSchema),
  cancelRequested: z.boolean(),
  reason: z.exactOptional(z.string()),
  recoveries: z.number(),
});

/** Requests about promotions. */
export const promotionRequests = {
  /** Reads the live state and fixes the steps; starts nothing. `release` is left out for a rollback: Slipway chooses. */
  'promotion.plan': request(
    z.object({
      repositoryId: z.string(),
      environment: z.string(),
      kind: z.enum(['regular', 'rollback']),
      release: z.exactOptional(z.string()),
    }),
    planSchema,
  ),
  /** Starts a plan when every gate passes at this instant; `confirmation` is what the person typed. */
  'promotion.start': request(
    z.object({ planId: z.string(), planDigest: z.string(), confirmation: z.string() }),
    z.object({ promotionId: z.string() }),
  ),
  /** Stops the running step (SIGINT), waits, and answers with what the cluster then says. */
  'promotion.cancel': request(
    z.object({ promotionId: z.string() }),
    z.object({ promotion: promotionSchema }),
  ),
  /** Lists promotions, newest first. */
  'promotion.list': request(
    z.object({ repositoryId: z.string(), limit: z.number().int().min(1).max(500) }),
    z.object({ promotions: z.array(promotionSchema) }),
  ),
};

/** Notifications about promotions. */
export const promotionNotifications = {
  /** The whole of a promotion after the journal event `sequence`. */
  'promotion.changed': notification(z.object({ sequence: z.number(), promotion: promotionSchema })),
};

export type { Promotion, PromotionState, StepProgress, StepState } from '../model/promotion.ts';
export type { Inspection, PromotionOutcome, ToolExit } from '../model/promotionEvent.ts';
