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

/** A first slipway.yaml for a repository, written from what is in it. */
const draftSchema = z.object({
  /** Where it belongs: an absolute path. */
  file: z.string(),
  /** True when there is a file already; it is never overwritten. */
  exists: z.boolean(),
  text: z.string(),
  /** Where the first decision is; lines and columns start at 0. */
  cursor: z.object({ line: z.number(), column: z.number() }),
  /** How many lines are guesses that a person has to look at. */
  decisions: z.number(),
  /** What nobody but a person knows. */
  questions: z.array(z.enum(['charts', 'environments'])),
  charts: z.array(z.object({ path: z.string(), name: z.string(), workload: z.exactOptional(z.string()) })),
  environments: z.array(z.object({ name: z.string(), from: z.string(), certain: z.boolean() })),
});

/** A first slipway.yaml for a repository. */
export type ProcedureDraft = z.infer<typeof draftSchema>;

/** The name of an environment, as slipway.yaml takes it. */
const nameSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9._-]{0,62}$/);

/** Requests about procedures. */
export const procedureRequests = {
  /**
   * Drafts a procedure from what is in the repository that holds a folder and in the kubeconfig; contacts and writes
   * nothing. `charts` (their folders) and `environments` answer what was asked.
   */
  'procedure.draft': request(
    z.object({
      folder: z.string(),
      charts: z.exactOptional(z.array(z.string())),
      environments: z.exactOptional(z.array(nameSchema)),
    }),
    draftSchema,
  ),
  /** Checks the text of a slipway.yaml as it stands in the editor; contacts nothing. */
  'procedure.check': request(
    z.object({ text: z.string().max(1_000_000) }),
    z.object({ diagnostics: z.array(diagnosticSchema), anchors: z.array(anchorSchema) }),
  ),
};
