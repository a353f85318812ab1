import * as z from 'zod';
import { request } from './define.ts';

/** Something to mend in slipway.yaml; lines and columns start at 0, as in the editor. */
export const diagnosticSchema = z.object({
  severity: z.enum(['error', 'warning', 'information']),
  message: z.string(),
  /** `environments.production.afterr`. */
  path: z.string(),
  startLine: z.number(),
  startColumn: z.number(),
  endLine: z.number(),
  endColumn: z.number(),
});

/** Something to mend in slipway.yaml. */
export type Diagnostic = z.infer<typeof diagnosticSchema>;

/** A place in slipway.yaml where a command can be offered. */
const anchorSchema = z.object({
  kind: z.enum(['environment', 'releases']),
  name: z.string(),
  line: z.number(),
});

/** Requests about procedures. */
export const procedureRequests = {
  /** Checks the text of a slipway.yaml as it stands in the editor; contacts nothing. */
  'procedure.check': request(
    z.object({ text: z.string().max(1_000_000) }),
    z.object({ diagnostics: z.array(diagnosticSchema), anchors: z.array(anchorSchema) }),
  ),
};
