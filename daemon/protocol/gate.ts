import * as z from 'zod';
import { type Gate, gateKinds } from '../model/gate.ts';

/** A gate as it travels. */
export const gateSchema: z.ZodType<Gate> = z.object({
  kind: z.enum(gateKinds),
  title: z.string(),
  state: z.enum(['pass', 'hold', 'unknown']),
  reason: z.string(),
  next: z.exactOptional(z.string()),
  since: z.exactOptional(z.string()),
  enforcement: z.string(),
});

export type { Gate } from '../model/gate.ts';
