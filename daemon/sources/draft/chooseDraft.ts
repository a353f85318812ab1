import type { ChartFacts, DraftFacts, EnvironmentFacts } from './draftFacts.ts';
import { rankOrMiddle, sortEnvironments } from './environmentNames.ts';

/** What a person said where nothing could be found out. */
export type DraftChoice = {
  /** The folders of the charts to deploy. */
  readonly charts?: readonly string[];
  /** The names of the environments. */
  readonly environments?: readonly string[];
};

/** What a draft can ask. */
export type DraftQuestion = 'charts' | 'environments';

/** What a draft is about. */
export type DraftSubject = {
  readonly charts: readonly ChartFacts[];
  readonly environments: readonly EnvironmentFacts[];
};

/** What has to be asked because nobody but a person knows it. */
export function listQuestions(facts: DraftFacts, choice: DraftChoice): readonly DraftQuestion[] {
  const { environments } = chooseSubject(facts, choice);
  const certain = environments.every(({ certain: sure }) => sure);
  return [
    ...(choice.charts === undefined && facts.charts.length > 1 ? (['charts'] as const) : []),
    ...(choice.environments === undefined && !certain ? (['environments'] as const) : []),
  ];
}

/** Decides which charts and environments a draft is about: what was chosen, else what was found. */
export function chooseSubject(facts: DraftFacts, choice: DraftChoice): DraftSubject {
  const charts = facts.charts.filter(({ path }) => choice.charts?.includes(path) ?? true);
  return { charts, environments: chooseEnvironments(facts, charts, choice) };
}

function chooseEnvironments(
  facts: DraftFacts,
  charts: readonly ChartFacts[],
  { environments }: DraftChoice,
): readonly EnvironmentFacts[] {
  if (environments && environments.length > 0) {
    return sortEnvironments([...new Set(environments)]).map(
      name =>
        facts.environments.find(found => found.name === name) ?? {
          name,
          from: 'as you chose it',
          certain: true,
        },
    );
  }
  // With several charts, an environment is one that each of them has values for.
  const covered = charts.flatMap(({ values: [best] }) => best ?? []);
  const common = covered[0]?.environments.filter(name =>
    covered.every(({ environments: names }) => names.includes(name)),
  );
  const found =
    covered[0] && common && common.length > 0
      ? buildFrom(common, `from ${covered[0].template}`)
      : facts.environments;
  return found.length > 0
    ? sortEnvironments(found.map(({ name }) => name)).flatMap(
        name => found.find(one => one.name === name) ?? [],
      )
    : usualEnvironments.map(name => ({ name, from: 'the usual one', certain: false }));
}

function buildFrom(names: readonly string[], from: string): readonly EnvironmentFacts[] {
  return names.map(name => ({ name, from, certain: true }));
}

/** The environment that a release must have succeeded in first; undefined for the first ones. */
export function findBefore(name: string, names: readonly string[]): string | undefined {
  const rank = rankOrMiddle(name);
  return names.filter(other => rankOrMiddle(other) < rank).at(-1);
}

/** What is offered where nothing was found. */
const usualEnvironments = ['development', 'staging', 'production'] as const;
