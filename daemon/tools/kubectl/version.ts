import * as z from 'zod';
import type { ToolRun } from '../process/toolRun.ts';

/** Asks kubectl for its own version, `v1.37.2`; contacts no cluster. */
export function buildVersionRun(): ToolRun<string> {
  return {
    tool: 'kubectl',
    args: ['version', '--client', '--output', 'json'],
    parse: ({ stdout }) => versionSchema.parse(JSON.parse(stdout)).clientVersion.gitVersion,
  };
}

const versionSchema = z.object({ clientVersion: z.object({ gitVersion: z.string().min(1) }) });
