import * as z from 'zod';
import { type Gate, type GateAction, gateKinds } from '../model/gate.ts';

const actionSchema: z.ZodType<GateAction> = z.union([
  z.object({ command: z.enum(['promote', 'connect', 'showChecklist']), environment: z.string() }),
  z.object({ command: z.literal('showTimeline'), promotionId: z.string() }),
  z.object({ command: z.literal('openProcedure') }),
]);

/** A gate as it travels. */
export const gateSchema: z.ZodType<Gate> = z.object({
  kind: z.enum(gateKinds),
  title: z.string(),
  state: z.enum(['pass', 'hold', 'unknown']),
  reason: z.string(),
  next: z.exactOptional(z.string()),
  action: z.exactOptional(actionSchema),
  since: z.exactOptional(z.string()),
  enforcement: z.string(),
});

export type { Gate, GateAction } from '../model/gate.ts';
