import type { PlannedArgument } from '../../model/plan.ts';
import { promotionLabel } from '../../model/promotionLabel.ts';
import { added, checkDuration, checkLabelValue, documented } from './argument.ts';
import { buildChartArguments, type ChartOptions } from './chartArguments.ts';
import type { HelmMajor } from './version.ts';

/** What `helm upgrade` is to do. */
export type UpgradeOptions = ChartOptions & {
  /** A Go duration. */
  readonly timeout: string;
  readonly install: boolean;
  readonly wait: 'watcher' | 'legacy';
  readonly promotionId: string;
  /** Helm's major version, where flags differ; 4 unless said. */
  readonly major?: HelmMajor;
};

/** The argument list of `helm upgrade`: the document's words first and in its order, then what Slipway adds. */
export function buildUpgradeArguments(options: UpgradeOptions): readonly PlannedArgument[] {
  return [
    ...documented('upgrade', ...buildChartArguments(options)),
    ...buildWaitArguments(options),
    ...documented('--timeout', checkDuration('timeout', options.timeout)),
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

/** Helm 3 has one way of waiting, which Helm 4 calls legacy, and reads `--wait=legacy` as a wrong flag. */
function buildWaitArguments({ wait, major = 4 }: UpgradeOptions): readonly PlannedArgument[] {
  return wait === 'legacy' && major >= 4 ? added('--wait=legacy') : documented('--wait');
}
