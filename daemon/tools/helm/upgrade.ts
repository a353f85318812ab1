import type { PlannedArgument } from '../../model/plan.ts';
import {
  added,
  checkArgument,
  checkDuration,
  checkLabelValue,
  checkNamespace,
  checkRelease,
  checkSetKey,
  checkValuesFile,
  documented,
  escapeSetValue,
} from './argument.ts';
import type { HelmMajor } from './version.ts';

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
  /** Helm's major version, where flags differ; 4 unless said. */
  readonly major?: HelmMajor;
};

/**
 * The label by which a revision is known as ours. Seen with helm 4.3.1:
 * - it is on the Secret from the first moment, also while the row is `pending-*`;
 * - every later upgrade without it inherits it, a stranger's too, also when ours failed; `rollback` has no `--labels`
 *   and takes the labels of the revision that it copies. So a row is ours only when it is the LOWEST one with our id
 *   above the revision that we started from;
 * - `modifiedAt` is inherited in the same way: the age of a `pending-*` row is in `createdAt`;
 * - a description would be no mark: a failure replaces `--description` by its own words.
 */
export const promotionLabel = 'slipway.dev/promotion';

/** The argument list of `helm upgrade`: the document's words first and in its order, then what Slipway adds. */
export function buildUpgradeArguments(options: UpgradeOptions): readonly PlannedArgument[] {
  return [
    ...documented('upgrade', ...buildChartArguments(options)),
    ...documented(buildWaitFlag(options), '--timeout', checkDuration('timeout', options.timeout)),
    ...(options.install ? added('--install') : []),
    ...added('--labels', `${promotionLabel}=${checkLabelValue('promotion', options.promotionId)}`),
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
    checkRelease(options.release),
    checkArgument('chart', options.chart),
    '--namespace',
    checkNamespace(options.namespace),
    ...options.values.flatMap(file => ['--values', checkValuesFile(file)]),
    ...Object.entries(options.set).flatMap(([key, value]) => [
      '--set',
      `${checkSetKey(key)}=${escapeSetValue(value)}`,
    ]),
  ];
}

/** Helm 3 has one way of waiting, which Helm 4 calls legacy, and reads `--wait=legacy` as a wrong flag. */
function buildWaitFlag({ wait, major = 4 }: UpgradeOptions): string {
  return wait === 'legacy' && major >= 4 ? '--wait=legacy' : '--wait';
}
