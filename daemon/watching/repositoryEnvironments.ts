import type { Clusters } from '../clusters/clusters.ts';
import type { Procedure } from '../model/procedure.ts';
import type { ReleaseOfCommit } from '../model/runningVersion.ts';
import type { EnvironmentView } from '../protocol/environment.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { Result } from '../protocol/messages.ts';
import type { Store } from '../store/store.ts';
import type { SharedWatches } from './sharedWatches.ts';
import { type EnvironmentDefinition, WatchedEnvironment } from './watchedEnvironment.ts';

/** What the environments of a repository work with. */
export type RepositoryEnvironmentsOptions = {
  readonly repositoryId: string;
  readonly clusters: Clusters;
  readonly watches: SharedWatches;
  readonly store: Store;
  readonly onChanged: (environment: EnvironmentView) => void;
};

/** The environments that the governing procedure defines, each with its watch. */
export class RepositoryEnvironments {
  readonly #options: RepositoryEnvironmentsOptions;
  readonly #environments = new Map<string, WatchedEnvironment>();

  constructor(options: RepositoryEnvironmentsOptions) {
    this.#options = options;
  }

  /** Takes what the procedure says now: new environments come, others go, and those that stay keep their watches. */
  define(procedure: Procedure | undefined, releases: readonly ReleaseOfCommit[]): void {
    const names = new Set(procedure?.environments.map(({ name }) => name));
    for (const [name, environment] of this.#environments) {
      if (!names.has(name)) {
        environment.dispose();
        this.#environments.delete(name);
      }
    }
    for (const environment of procedure?.environments ?? []) {
      const definition = {
        environment,
        components: procedure?.components ?? [],
        imagePatterns: procedure?.releases.images ?? {},
        releases,
      };
      const known = this.#environments.get(environment.name);
      if (known) {
        known.redefine(definition);
      } else {
        this.#add(definition);
      }
    }
  }

  /** The environment's live side. Throws `unknownEnvironment`. */
  get(name: string): WatchedEnvironment {
    const found = this.#environments.get(name);
    if (!found) {
      const names = [...this.#environments.keys()].join(', ') || 'none';
      throw new SlipwayError('unknownEnvironment', `There is no environment "${name}"; there are: ${names}.`);
    }
    return found;
  }

  /** The environment as it stands. */
  view(name: string): EnvironmentView | undefined {
    return this.#environments.get(name)?.view();
  }

  /** Every environment as it stands, in the order of the procedure. */
  views(): readonly EnvironmentView[] {
    return [...this.#environments.values()].map(environment => environment.view());
  }

  /** Tells that the environment's lock, promotions or journal changed. */
  notify(name: string): void {
    const view = this.view(name);
    if (view) {
      this.#options.onChanged(view);
    }
  }

  /** Lists the contexts for an environment, those whose name or namespace fits first. */
  async listContexts(name: string): Promise<Result<'environment.contexts'>> {
    const { cluster } = this.get(name);
    const kubeconfig = await this.#options.clusters.readKubeconfig();
    const contexts = kubeconfig.contexts.map(context => ({
      ...context,
      suggested:
        context.name === name ||
        context.name.endsWith(`-${name}`) ||
        (context.namespace !== undefined && context.namespace === cluster?.namespace),
    }));
    return {
      contexts: contexts.toSorted((left, right) => Number(right.suggested) - Number(left.suggested)),
      kubeconfigs: [...kubeconfig.paths],
    };
  }

  /** Keeps the consent to contact an environment's cluster and begins to watch it. */
  async connect(options: {
    readonly environment: string;
    readonly context: string;
    readonly person: string;
  }): Promise<EnvironmentView> {
    const environment = this.get(options.environment);
    await environment.connect(options.context, options.person);
    return environment.view();
  }

  /** Withdraws the consent. */
  disconnect(options: { readonly environment: string; readonly person: string }): EnvironmentView {
    const environment = this.get(options.environment);
    environment.disconnect(options.person);
    return environment.view();
  }

  /** Ends every watch. */
  dispose(): void {
    for (const environment of this.#environments.values()) {
      environment.dispose();
    }
    this.#environments.clear();
  }

  #add(definition: EnvironmentDefinition): void {
    const { repositoryId, clusters, watches, store } = this.#options;
    const { name } = definition.environment;
    const added = new WatchedEnvironment(definition, {
      repositoryId,
      clusters,
      watches,
      store,
      onChanged: () => this.notify(name),
    });
    this.#environments.set(name, added);
    added.resume();
  }
}
