import type { ChartFacts } from './draftFacts.ts';
import { buildReleaseName } from './readChart.ts';

/** A component of a draft: a chart under a name of its own, or the place for the one that was not found. */
export type NamedComponent = {
  readonly name: string;
  /** Its Helm release, which is no other component's: the second would replace the first in the cluster. */
  readonly release: string;
  readonly chart?: ChartFacts;
};

/** Names the components and their Helm releases after their charts, each name once. */
export function nameComponents(charts: readonly ChartFacts[]): readonly NamedComponent[] {
  const names = new Set<string>();
  const releases = new Set<string>();
  const components = charts.map(chart => ({
    name: takeName(buildName(chart.name, 'app'), names, 63),
    release: takeName(buildReleaseName(chart.name), releases, 53),
    chart,
  }));
  return components.length > 0 ? components : [{ name: 'app', release: 'app' }];
}

/** Takes a name that is not taken yet: the wanted one, else with a number, which must not make it longer than `most`. */
function takeName(wanted: string, taken: Set<string>, most: number): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) {
    name = `${wanted.slice(0, most - 5)}-${count}`;
  }
  taken.add(name);
  return name;
}

/** A text as the name of a component or a procedure; `fallback` where nothing of it can be one. */
export function buildName(text: string, fallback: string): string {
  const name = text
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, 63);
  return name === '' ? fallback : name;
}

/** A text as a name that Kubernetes takes: a DNS label; undefined where nothing of it can be one. */
export function buildLabel(text: string): string | undefined {
  const label = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return label === '' ? undefined : label;
}
