import * as z from 'zod';
import { request } from './define.ts';

/** A tool as the daemon found it. */
const toolSchema = z.object({
  name: z.string(),
  path: z.exactOptional(z.string()),
  version: z.exactOptional(z.string()),
  problem: z.exactOptional(z.string()),
});

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
  /** Tools with versions and paths, PATH and where it came from, kubeconfigs, folders. */
  'setup.show': request(
    z.object({}),
    z.object({
      tools: z.array(toolSchema),
      path: z.string(),
      pathFrom: z.string(),
      kubeconfigs: z.array(z.string()),
      stateFolder: z.string(),
      logFile: z.string(),
      notices: z.array(z.string()),
    }),
  ),
};
