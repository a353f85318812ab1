import type {
  ApplicationFacts,
  ChartFacts,
  ContextFacts,
  EnvironmentFacts,
  ValuesFacts,
} from './draftFacts.ts';
import { rankEnvironment, sortEnvironments } from './environmentNames.ts';

/** Where the names of environments can come from. */
export type EnvironmentSources = {
  readonly charts: readonly ChartFacts[];
  readonly values: readonly ValuesFacts[];
  readonly contexts: readonly ContextFacts[];
  readonly applications: readonly ApplicationFacts[];
  /** The paths of the repository's files. */
  readonly files: readonly string[];
};

/**
 * Finds the names of the environments: those that values files are named after, else those of folders and Argo CD
 * applications, else what the contexts of the kubeconfig end with, which is no more than a proposal.
 */
export function findEnvironments(sources: EnvironmentSources): readonly EnvironmentFacts[] {
  const [chart] = sources.charts;
  const [best] = chart?.values ?? sources.values;
  if (best) {
    return build(best.environments, `from ${best.template}`, true);
  }
  const folders = sources.files.flatMap(file => folderPattern.exec(file)?.groups?.['environment'] ?? []);
  const named = folders.filter(name => rankEnvironment(name) !== undefined);
  if (named.length > 0) {
    return build(named, 'from the folders of the repository', true);
  }
  const applied = sources.applications.flatMap(({ name }) => findStage(name) ?? []);
  if (applied.length > 0) {
    return build(applied, 'from the Argo CD applications', true);
  }
  const contexts = sources.contexts.flatMap(({ name }) => findStage(name) ?? []);
  return build(contexts, 'from the contexts of your kubeconfig', false);
}

// k8s/overlays/production/kustomization.yaml, environments/production/...
const folderPattern =
  /(?:^|\/)(?:overlays|environments?|envs?|clusters|stages)\/(?<environment>[A-Za-z][A-Za-z0-9._-]{0,62})\//;

function build(names: readonly string[], from: string, certain: boolean): readonly EnvironmentFacts[] {
  return sortEnvironments([...new Set(names)]).map(name => ({ name, from, certain }));
}

/** `production` of `kosmos-production`, `prod-eu` of `web-prod-eu`: from the word that names a stage to the end. */
function findStage(name: string): string | undefined {
  const parts = name.split(/[-_./@:]/);
  const at = parts.findIndex(part => rankEnvironment(part) !== undefined);
  const stage = parts.slice(at).join('-');
  return at >= 0 && /^[A-Za-z][A-Za-z0-9._-]{0,62}$/.test(stage) ? stage : undefined;
}
