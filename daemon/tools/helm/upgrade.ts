import type { PlannedArgument } from '../../model/plan.ts';
import { added, checkArgument, documented } from './argument.ts';

/** What `helm upgrade` is to do. */
export type UpgradeOptions = {
  readonly release: string;
  /** The chart's folder, relative to where helm runs. */
  readonly chart: string;
  readonly namespace: string;
  /** Values files, relative to where helm runs. */
  readonly values: readonly string[];
  readonly set: Readonly<Record<string, string>>;
  /** A Go duration. */
  readonly timeout: string;
  readonly install: boolean;
  readonly wait: 'watcher' | 'legacy';
  readonly promotionId: string;
};

/** The label by which a revision is known as ours; Helm hands it on to later revisions, also to strangers'. */
export const promotionLabel = 'slipway.dev/promotion';

/** The argument list of `helm upgrade`: the document's words first and in its order, then what Slipway adds. */
export function buildUpgradeArguments(options: UpgradeOptions): readonly PlannedArgument[] {
  return [
    ...documented('upgrade', ...buildChartArguments(options)),
    ...documented(options.wait === 'watcher' ? '--wait' : '--wait=legacy', '--timeout', options.timeout),
    ...(options.install ? added('--install') : []),
    ...added('--labels', `${promotionLabel}=${options.promotionId}`),
  ];
}

/** The arguments of a dry run that renders what an upgrade would apply; reads the cluster, changes nothing. */
export function buildRenderArguments(options: UpgradeOptions): readonly string[] {
  return [
    'upgrade',
    ...buildChartArguments(options),
    ...(options.install ? ['--install'] : []),
    '--dry-run=server',
    '--output',
    'json',
  ];
}

function buildChartArguments(options: UpgradeOptions): readonly string[] {
  return [
    checkArgument('release', options.release),
    checkArgument('chart', options.chart),
    '--namespace',
    checkArgument('namespace', options.namespace),
    ...options.values.flatMap(file => ['--values', checkArgument('values', file)]),
    ...Object.entries(options.set).flatMap(([key, value]) => [
      '--set',
      `${checkArgument('set', key)}=${escapeSetValue(value)}`,
    ]),
  ];
}

/** Helm reads a comma as the next pair, a brace at the beginning as a list, and a backslash as an escape. */
export function escapeSetValue(value: string): string {
  return value.replace(/[\\,]/g, '\\$&').replace(/^\{/, '\\{');
}
