import type { NamedDigest } from '../model/digests/digestParts.ts';
import type { GateInput, PreviousEnvironment, RunningComponent } from '../model/gates/gateInput.ts';
import type { PlannedRelease, PromotionKind } from '../model/plan.ts';
import type { Environment } from '../model/procedure.ts';
import type { EnvironmentView } from '../protocol/environment.ts';
import type { PromotionQueries } from '../store/promotions.ts';
import type { Store } from '../store/store.ts';
import type { TickQueries } from '../store/ticks.ts';
import type { OpenRepository } from '../watching/openRepository.ts';

/** What the gates are asked about. */
export type GateSubject = {
  readonly environment: Environment;
  readonly release: PlannedRelease;
  readonly kind: PromotionKind;
  /** What a tick would be for; no plan digest while nobody knows the cluster. */
  readonly digests: { readonly release: NamedDigest; readonly plan?: NamedDigest };
  readonly clusterId?: string;
};

/** Where the gates' facts come from. */
export type GateSources = {
  readonly store: Store;
  readonly repository: OpenRepository;
  /** What the store says inside a transaction; the store's own present without it. */
  readonly view?: { readonly promotions: PromotionQueries; readonly ticks: TickQueries };
};

/** Gathers what the gates are decided from, at this instant. */
export function gatherGateInput(sources: GateSources, about: GateSubject): GateInput {
  const { store, repository, view = store } = sources;
  const { environment, release, kind, clusterId, digests } = about;
  const { advice } = repository.contents;
  const lock =
    clusterId !== undefined && environment.cluster
      ? store.locks.get({ clusterId, namespace: environment.cluster.namespace })
      : repository.environments.view(environment.name)?.lock;
  const place = {
    repositoryId: repository.id,
    environment: environment.name,
    release: release.version,
  };
  const lastStarted = view.promotions.lastStarted(place);
  return {
    kind,
    release,
    environment,
    checks: {
      environment: environment.name,
      ...digests,
      ticks: view.ticks.list(place),
      ...(lastStarted ? { lastStarted } : {}),
    },
    ...(environment.after === undefined
      ? {}
      : {
          before: buildPrevious(repository, { name: environment.after, release, queries: view.promotions }),
        }),
    ...(lock ? { lock } : {}),
    enforcement: advice === undefined ? store.enforcement : `${store.enforcement}; ${advice}`,
  };
}

function buildPrevious(
  repository: OpenRepository,
  about: { readonly name: string; readonly release: PlannedRelease; readonly queries: PromotionQueries },
): PreviousEnvironment {
  const { name, release, queries } = about;
  const succeeded = queries.lastSucceeded({
    repositoryId: repository.id,
    environment: name,
    releaseDigest: release.digest,
  });
  const view = repository.environments.view(name);
  const { connection } = view ?? { connection: undefined };
  return {
    name,
    ...(succeeded ? { succeeded } : {}),
    ...(view && connection?.state === 'live' ? { running: listRunning(repository, view) } : {}),
    ...(connection?.reason === undefined ? {} : { problem: connection.reason }),
    ...(connection?.state === 'notConnected' ? { notConnected: true } : {}),
  };
}

function listRunning(
  { contents }: OpenRepository,
  { running }: Pick<EnvironmentView, 'running'>,
): readonly RunningComponent[] {
  const patterns = contents.policy?.procedure?.releases.images ?? {};
  return running.map(({ component, version, helmVersion, helm, outsideSlipway }) => {
    const pattern = patterns[component];
    // Helm hands labels on: a stranger's revision bears the promotion of the one before it.
    const promotionId = outsideSlipway ? undefined : helm?.promotionId;
    const commit = version === undefined ? undefined : contents.lookUpRelease(version)?.commit;
    return {
      component,
      ...(version === undefined ? {} : { version }),
      ...(commit === undefined ? {} : { commit }),
      ...(helmVersion === undefined ? {} : { helmVersion }),
      ...(pattern === undefined ? {} : { pattern }),
      ...(promotionId === undefined ? {} : { promotionId }),
    };
  });
}
