import { describeTemplate } from './describeTemplate.ts';
import { firstLine, oneLine, type ProblemRule, pick } from './problemRule.ts';

/** What is wrong with a chart, or with the values that it is given; the first rule that matches decides. */
export const chartRules: readonly ProblemRule[] = [
  {
    kind: 'chartMissing',
    code: 'chartMissing',
    pattern:
      /path "(?<file>[^"]*)" not found|unable to detect chart at (?<at>[^:\n]*)|Chart\.yaml file is missing/,
    describe: match => ({
      sentence: `There is no chart at ${match.groups?.['file'] ?? match.groups?.['at'] ?? 'the chart path'} at this release.`,
      next: 'Check the chart path of the component in slipway.yaml at this release.',
      details: pick(match, 'file', 'at'),
    }),
  },
  {
    kind: 'valuesMissing',
    code: 'valuesMissing',
    pattern: /open (?<file>[^\n]*?): no such file or directory/,
    describe: match => ({
      sentence: `The values file ${match.groups?.['file'] ?? ''} does not exist at this release.`,
      next: 'Check the values files of the component in slipway.yaml at this release.',
      details: pick(match, 'file'),
    }),
  },
  {
    kind: 'valuesInvalid',
    code: 'toolFailed',
    pattern:
      /values don't meet the specifications of the schema\(s\) in the following chart\(s\):(?<why>.*)|failed to parse (?<file>[^\n:]*): (?<yaml>[^\n]*)|failed parsing --set data: (?<set>[^\n]*)/s,
    describe: match => ({
      sentence: describeValues(match),
      next: 'Correct the values files or the set entries of the component, then make a new release.',
      details: pick(match, 'file'),
    }),
  },
  {
    kind: 'chartInvalid',
    code: 'toolFailed',
    pattern: /executing "[^"\n]*" at <[^\n]*>:/,
    describe: describeTemplate,
  },
  {
    kind: 'chartInvalid',
    code: 'toolFailed',
    pattern:
      /chart requires kubeVersion: (?<needed>[^\n]*?) which is incompatible with Kubernetes (?<version>\S+)/,
    describe: match => ({
      sentence: `The chart needs Kubernetes ${match.groups?.['needed'] ?? ''}, and the cluster has ${match.groups?.['version'] ?? ''}.`,
      next: 'Promote a release whose chart takes this Kubernetes, or correct kubeVersion in its Chart.yaml.',
      details: pick(match, 'needed', 'version'),
    }),
  },
  {
    kind: 'chartInvalid',
    code: 'toolFailed',
    pattern: /validation: chart\.metadata\.(?<why>[^\n]*)/,
    describe: match => ({
      sentence: `The Chart.yaml of the chart is not valid: ${firstLine(match.groups?.['why'])}.`,
      next: 'Correct Chart.yaml, then make a new release.',
      details: {},
    }),
  },
  {
    kind: 'chartInvalid',
    code: 'toolFailed',
    pattern:
      /(?:execution|parse) error at \((?<at>[^)]*)\): (?<why>[^\n]*)|(?:YAML parse error on|cannot load) (?<file>[^\n:]*): (?<broken>[^\n]*)|error converting YAML to JSON: (?<yaml>[^\n]*)|missing in charts\/ directory: (?<dependency>[^\n]*)/,
    describe: match => {
      const { at, why, file, broken, yaml, dependency } = match.groups ?? {};
      const place = at ?? file;
      return {
        sentence: dependency
          ? `The chart's dependencies are not there: ${firstLine(dependency)}.`
          : `The chart cannot be rendered${place ? ` (${place})` : ''}: ${why ?? readYamlError(broken ?? yaml)}.`,
        next: 'Correct the chart, then make a new release.',
        details: pick(match, 'at', 'file', 'dependency'),
      };
    },
  },
];

function describeValues(match: RegExpExecArray): string {
  const { file, yaml, set, why } = match.groups ?? {};
  if (file !== undefined) {
    return `The values file ${file} cannot be read: ${readYamlError(yaml)}.`;
  }
  return why === undefined
    ? `The values do not fit: ${oneLine(set)}.`
    : `The values do not fit the schema: ${joinItems(why)}.`;
}

/** What helm lists below the name of each chart, as one line. */
function joinItems(text: string): string {
  return oneLine(
    text
      .trim()
      .replaceAll(/:\n\s*- /g, ': ')
      .replaceAll(/\n\s*- /g, ', ')
      .replaceAll('\n', '; '),
  );
}

/** An error of YAML without the names of the steps that met it. */
function readYamlError(text: string | undefined): string {
  return firstLine(text).replace(
    /^(?:cannot unmarshal yaml document: )?(?:error converting YAML to JSON: )?/,
    '',
  );
}
