import {
  checkArgument,
  checkNamespace,
  checkRelease,
  checkSetKey,
  checkValuesFile,
  escapeSetValue,
} from './argument.ts';

/** Which chart helm renders, and with what. */
export type ChartOptions = {
  readonly release: string;
  /** The chart's folder, relative to where helm runs. */
  readonly chart: string;
  readonly namespace: string;
  /** Values files, relative to where helm runs. */
  readonly values: readonly string[];
  readonly set: Readonly<Record<string, string>>;
};

/** The arguments that every command which renders a chart begins with; `--set-string` keeps a number a text. */
export function buildChartArguments(
  { release, chart, namespace, values, set }: ChartOptions,
  setFlag: '--set' | '--set-string' = '--set',
): readonly string[] {
  return [
    checkRelease(release),
    checkArgument('chart', chart),
    '--namespace',
    checkNamespace(namespace),
    ...values.flatMap(file => ['--values', checkValuesFile(file)]),
    ...Object.entries(set).flatMap(([key, value]) => [
      setFlag,
      `${checkSetKey(key)}=${escapeSetValue(value)}`,
    ]),
  ];
}
