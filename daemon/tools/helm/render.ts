import * as z from 'zod';
import { type HelmHook, helmHookSchema } from '../../protocol/helmHook.ts';
import type { ToolRun } from '../process/toolRun.ts';
import { buildRenderArguments, type UpgradeOptions } from './upgrade.ts';

/** What an upgrade would apply. */
export type RenderedChart = {
  /** Its Secrets in clear, without the hooks. */
  readonly manifest: string;
  readonly hooks: readonly HelmHook[];
};

const renderedSchema = z.object({ manifest: z.string(), hooks: z.nullish(z.array(helmHookSchema)) });

/**
 * Renders what an upgrade would apply, with the cluster's own versions and lookups.
 * Only a source of the manifest and the hooks: this dry run exits with 0 on field conflicts and unknown fields.
 */
export function buildRenderRun(options: UpgradeOptions): ToolRun<RenderedChart> {
  return {
    tool: 'helm',
    args: buildRenderArguments(options),
    parse: ({ stdout }) => {
      const { manifest, hooks } = renderedSchema.parse(JSON.parse(stdout));
      return { manifest, hooks: hooks ?? [] };
    },
  };
}
