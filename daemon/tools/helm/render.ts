import * as z from 'zod';
import type { ToolRun } from '../process/toolRun.ts';
import { buildRenderArguments, type UpgradeOptions } from './upgrade.ts';

const renderedSchema = z.object({ manifest: z.string() });

/**
 * Renders what an upgrade would apply, with the cluster's own versions and lookups: the manifest, its Secrets in clear.
 * Only a source of the manifest: this dry run exits with 0 on field conflicts and unknown fields.
 */
export function buildRenderRun(options: UpgradeOptions): ToolRun<string> {
  return {
    tool: 'helm',
    args: buildRenderArguments(options),
    parse: ({ stdout }) => renderedSchema.parse(JSON.parse(stdout)).manifest,
  };
}
