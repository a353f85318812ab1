import type { ToolRun } from '../process/toolRun.ts';
import { buildChartArguments, type ChartOptions } from './chartArguments.ts';

/** Renders a chart without a cluster: nothing is contacted, and `lookup` finds nothing. Gives the manifest. */
export function buildTemplateRun(options: ChartOptions): ToolRun<string> {
  return {
    tool: 'helm',
    args: ['template', ...buildChartArguments(options, '--set-string')],
    parse: ({ stdout }) => stdout,
  };
}
