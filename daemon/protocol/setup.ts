import * as z from 'zod';
import { request } from './define.ts';
import { contextSchema } from './environment.ts';
import { errorDataSchema } from './errors.ts';

/** A tool as the daemon found it. */
const toolSchema = z.object({
  name: z.string(),
  path: z.exactOptional(z.string()),
  /** What the path comes from: a setting, or PATH. */
  from: z.exactOptional(z.string()),
  version: z.exactOptional(z.string()),
  problem: z.exactOptional(z.string()),
});

/** A tool that a promotion needs and that cannot be used. */
const toolProblemSchema = z.object({
  name: z.string(),
  code: errorDataSchema.shape.code,
  message: z.string(),
  next: z.string(),
});

/** A tool that a promotion needs and that cannot be used. */
export type ToolProblem = z.infer<typeof toolProblemSchema>;

/** Requests about how the daemon is set up. */
export const setupRequests = {
  /** Sets what the machine's settings say; empty texts mean "find it". */
  'setup.configure': request(
    z.object({
      tools: z.record(z.string(), z.string()),
      kubeconfig: z.string(),
    }),
    z.object({}),
  ),
  /** Which of the tools that a promotion needs cannot be used: missing, or too old. */
  'setup.check': request(z.object({}), z.object({ problems: z.array(toolProblemSchema) })),
  /** Takes out of a text every secret that the daemon knows: of its environment, and of the kubeconfigs. */
  'setup.redact': request(z.object({ text: z.string() }), z.object({ text: z.string() })),
  /** Tools with versions and paths, PATH and where it came from, kubeconfigs, folders. */
  'setup.show': request(
    z.object({}),
    z.object({
      tools: z.array(toolSchema),
      path: z.string(),
      pathFrom: z.string(),
      kubeconfigs: z.array(z.string()),
      /** What names the kubeconfigs. */
      kubeconfigsFrom: z.string(),
      /** Why some of them could not be read, one sentence each. */
      kubeconfigProblems: z.array(z.string()),
      contexts: z.array(contextSchema.omit({ suggested: true }).extend({ current: z.boolean() })),
      /** The proxy variables that tools and requests get, without their passwords. */
      proxies: z.array(z.object({ name: z.string(), value: z.string() })),
      store: z.object({
        path: z.string(),
        bytes: z.number(),
        schemaVersion: z.number(),
        /** The number of the journal's last event. */
        head: z.number(),
        /** How far the journal is proven by a copy of its head outside of it; absent before the first anchor. */
        anchor: z.exactOptional(z.object({ sequence: z.number(), time: z.string() })),
      }),
      daemon: z.object({ pid: z.number(), startedAt: z.string(), node: z.string(), program: z.string() }),
      stateFolder: z.string(),
      logFile: z.string(),
      notices: z.array(z.string()),
    }),
  ),
};
