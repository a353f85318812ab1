import type { ToolRun } from '../process/toolRun.ts';
import {
  checkArgument,
  checkNamespace,
  checkRelease,
  checkSetKey,
  checkValuesFile,
  escapeSetValue,
} from './argument.ts';

/** What `helm template` is to render. */
export type TemplateOptions = {
  readonly release: string;
  /** The chart's folder, relative to where helm runs. */
  readonly chart: string;
  readonly namespace: string;
  readonly values: readonly string[];
  readonly set: Readonly<Record<string, string>>;
};

/** Renders a chart without a cluster: nothing is contacted, and `lookup` finds nothing. Gives the manifest. */
export function buildTemplateRun(options: TemplateOptions): ToolRun<string> {
  return {
    tool: 'helm',
    args: [
      'template',
      checkRelease(options.release),
      checkArgument('chart', options.chart),
      '--namespace',
      checkNamespace(options.namespace),
      ...options.values.flatMap(file => ['--values', checkValuesFile(file)]),
      ...Object.entries(options.set).flatMap(([key, value]) => [
        '--set-string',
        `${checkSetKey(key)}=${escapeSetValue(value)}`,
      ]),
    ],
    parse: ({ stdout }) => stdout,
  };
}
