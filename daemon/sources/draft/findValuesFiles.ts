import type { ValuesFacts } from './draftFacts.ts';
import { rankEnvironment, sortEnvironments } from './environmentNames.ts';
import { isBelow } from './treeFiles.ts';

/**
 * Finds files that hold an environment's values, by their names, as templates with `{environment}`. Those below `parts`,
 * the folders with the charts of charts, are none of them.
 */
export function findValuesFiles(files: readonly string[], parts: readonly string[]): readonly ValuesFacts[] {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    if (outside.test(file) || isBelow(file, parts)) {
      continue;
    }
    const found = readName(file);
    if (found) {
      const { template, environment } = found;
      groups.set(template, [...(groups.get(template) ?? []), environment]);
    }
  }
  return [...groups].map(([template, environments]) =>
    withSharedPrefix({ template, environments: sortEnvironments(environments) }),
  );
}

/** The likelier values of a chart first: those in its folder, then those whose path names it, then the nearest. */
export function sortValuesFor(
  chart: { readonly path: string; readonly name: string },
  values: readonly ValuesFacts[],
  charts: readonly { readonly path: string; readonly name: string }[],
): readonly ValuesFacts[] {
  const others = charts.filter(other => other.path !== chart.path);
  return values
    .filter(
      ({ template }) => !others.some(other => belongsTo(template, other) && !belongsTo(template, chart)),
    )
    .map(facts => ({ facts, score: score(facts, chart) }))
    .sort((left, right) => right.score - left.score)
    .map(({ facts }) => facts);
}

// Templates, what others wrote, and the values that chart-testing uses.
const outside = /(?:^|\/)(?:templates|ci|node_modules|vendor)\//;

type Found = { readonly template: string; readonly environment: string };

const patterns: readonly RegExp[] = [
  // values-production.yaml, values.prod.yaml, helm/web-values_prod.yml
  /^(?<before>(?:.*\/)?(?:[^/]*[-_.])?values[-_.])(?<environment>[^/]+?)(?<after>\.ya?ml)$/,
  // production-values.yaml
  /^(?<before>(?:.*\/)?)(?<environment>[^/]+?)(?<after>[-_.]values\.ya?ml)$/,
  // environments/production/values.yaml
  /^(?<before>(?:.*\/)?)(?<environment>[^/]+)(?<after>\/values\.ya?ml)$/,
  // values/production.yaml, environments/production.yaml
  /^(?<before>(?:.*\/)?(?:values|environments?|envs?|stages)\/)(?<environment>[^/]+?)(?<after>\.ya?ml)$/,
];

function readName(file: string): Found | undefined {
  for (const pattern of patterns) {
    const { before = '', environment = '', after = '' } = pattern.exec(file)?.groups ?? {};
    if (rankEnvironment(environment) !== undefined && isName(environment)) {
      return { template: `${before}{environment}${after}`, environment };
    }
  }
  return undefined;
}

function isName(environment: string): boolean {
  return /^[A-Za-z][A-Za-z0-9._-]{0,62}$/.test(environment);
}

/** `values-web-dev.yaml` and `values-web-prod.yaml` are for `dev` and `prod`. */
function withSharedPrefix({ template, environments }: ValuesFacts): ValuesFacts {
  const [first = ''] = environments;
  const prefix = /^(?<prefix>[^-_.]+[-_.])./.exec(first)?.groups?.['prefix'] ?? '';
  const shared =
    environments.length > 1 &&
    prefix !== '' &&
    rankEnvironment(prefix.slice(0, -1)) === undefined &&
    environments.every(name => name.startsWith(prefix) && isName(name.slice(prefix.length)));
  return shared
    ? withSharedPrefix({
        template: template.replace('{environment}', `${prefix}{environment}`),
        environments: environments.map(name => name.slice(prefix.length)),
      })
    : { template, environments };
}

function belongsTo(template: string, chart: { readonly path: string; readonly name: string }): boolean {
  const words = template.split(/[/._-]/);
  return template.startsWith(`${chart.path}/`) || words.includes(chart.name);
}

function score(
  { template, environments }: ValuesFacts,
  chart: { readonly path: string; readonly name: string },
): number {
  const inside = template.startsWith(`${chart.path}/`) ? 1000 : 0;
  const named = belongsTo(template, chart) ? 500 : 0;
  const steps = template.split('/');
  const shared = chart.path.split('/').filter((step, index) => steps[index] === step).length;
  return inside + named + shared * 10 + environments.length;
}
