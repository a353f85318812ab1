import type { ProblemWords } from './problemKind.ts';
import { firstLine, type ProblemRule, pick } from './problemRule.ts';

/** An object that helm is to make and that is there already, by another release or by no helm at all. */
export const foreignOwner: ProblemRule = {
  kind: 'foreignOwner',
  code: 'toolFailed',
  pattern:
    /(?<object>(?<type>\S+) "(?<name>[^"]+)" in namespace "(?<namespace>[^"]*)") exists and cannot be imported into the current release: (?<why>.*)/s,
  describe,
};

function describe(match: RegExpExecArray): ProblemWords {
  const { object = 'An object', type = '', name = '', namespace = '', why } = match.groups ?? {};
  const details = pick(match, 'object');
  const labels = listMissing(why, /missing key "([^"]+)": must be set to "([^"]*)"/g);
  if (labels.length < 3) {
    return {
      sentence: `${object} exists already and belongs to something else: ${firstLine(why)}.`,
      next: 'Give the object another name in the chart, or let its present owner give it up.',
      details,
    };
  }
  const at = `${type.toLowerCase()}/${name}${namespace === '' ? '' : ` -n ${namespace}`}`;
  const write = (isLabel: boolean) =>
    labels
      .filter(({ key }) => key.startsWith('app.kubernetes.io/') === isLabel)
      .map(({ key, value }) => `${key}=${value}`)
      .join(' ');
  return {
    sentence: `${object} exists already, and no helm has made it.`,
    next: `Where this release is to take it over: "kubectl label ${at} ${write(true)}" and "kubectl annotate ${at} ${write(false)}", then plan again. Otherwise give the object another name in the chart.`,
    details,
  };
}

function listMissing(text: string | undefined, pattern: RegExp): { key: string; value: string }[] {
  return [...(text ?? '').matchAll(pattern)].map(([, key = '', value = '']) => ({ key, value }));
}
