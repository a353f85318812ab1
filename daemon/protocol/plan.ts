import * as z from 'zod';
import type { Commit, Plan, PlannedStep } from '../model/plan.ts';
import { request } from './define.ts';
import { digestSchema } from './digest.ts';
import { gateSchema } from './gate.ts';

/** A commit as it travels. */
export const commitSchema: z.ZodType<Commit> = z.object({
  id: z.string(),
  author: z.string(),
  date: z.string(),
  subject: z.string(),
});

/** A step of a plan as it travels. */
export const plannedStepSchema: z.ZodType<PlannedStep> = z.object({
  id: z.string(),
  kind: z.enum(['helmUpgrade', 'helmRollback', 'helmUninstall', 'helmStatus', 'verifyWorkloads']),
  title: z.string(),
  command: z.exactOptional(
    z.object({
      tool: z.enum(['helm', 'kubectl', 'git', 'argocd', 'flyway']),
      args: z.array(z.object({ text: z.string(), added: z.boolean() })),
    }),
  ),
  input: z.record(z.string(), z.string()),
  undo: z.string(),
  timeoutSeconds: z.number(),
});

/** A plan as it travels and as the journal keeps it. */
export const planSchema: z.ZodType<Plan> = z.object({
  id: z.string(),
  digest: digestSchema,
  kind: z.enum(['regular', 'emergency', 'rollback']),
  repositoryId: z.string(),
  procedure: z.string(),
  release: z.object({ version: z.string(), commit: z.string(), digest: digestSchema }),
  target: z.object({
    environment: z.string(),
    namespace: z.string(),
    clusterId: z.string(),
    context: z.string(),
    server: z.string(),
  }),
  policy: z.object({
    hash: digestSchema,
    from: z.string(),
    commit: z.string(),
    advice: z.exactOptional(z.string()),
  }),
  steps: z.array(plannedStepSchema),
  images: z.array(
    z.object({
      component: z.string(),
      container: z.string(),
      before: z.exactOptional(z.string()),
      after: z.string(),
      digest: z.string(),
    }),
  ),
  commits: z.object({
    from: z.exactOptional(z.string()),
    to: z.string(),
    direction: z.enum(['forward', 'backward', 'unrelated', 'first']),
    commits: z.array(commitSchema),
    total: z.number(),
  }),
  objects: z.array(
    z.object({
      object: z.string(),
      change: z.enum(['create', 'change', 'delete', 'same', 'error']),
      conflicts: z.array(z.string()),
    }),
  ),
  warnings: z.array(z.string()),
  gates: z.array(gateSchema),
  confirmation: z.enum(['typeEnvironment', 'modal']),
  readAt: z.string(),
});

/** The texts behind a plan's two diffs. */
export const planTexts = ['storedManifest', 'newManifest', 'liveObjects', 'appliedObjects'] as const;

/** Requests about plans. */
export const planRequests = {
  /** Reads one side of a plan's diffs, Secrets masked; YAML. */
  'plan.readText': request(
    z.object({ planId: z.string(), text: z.enum(planTexts) }),
    z.object({ text: z.string() }),
  ),
};

export type {
  Commit,
  CommitRange,
  ImageChange,
  ObjectChange,
  Plan,
  PlannedArgument,
  PlannedCommand,
  PlannedStep,
  PromotionKind,
} from '../model/plan.ts';
