import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import type { ItemTarget } from './itemTarget.ts';
import { findPromotion, listReleases, listRepositories, type StoreState } from './storeState.ts';

/** What a checklist is about: a release on its way to an environment. */
export type ChecklistSubject = {
  readonly repositoryId: string;
  readonly environment: string;
  readonly release: string;
};

/**
 * Decides what a selected row is about. Where it names only a release, the first environment that does not run it; where
 * it names only an environment, the release that the environment before runs, else the newest that is not there yet.
 */
export function decideSubject(state: StoreState, selected: ItemTarget): ChecklistSubject | undefined {
  const target = { ...selected, ...readPromotion(state, selected) };
  const repositories = listRepositories(state);
  const repository =
    repositories.find(({ id }) => id === target.repositoryId) ??
    (target.repositoryId === undefined && repositories.length === 1 ? repositories[0] : undefined);
  if (!repository) {
    return undefined;
  }
  const environment = repository.environments.find(({ name }) => name === target.environment);
  const release = listReleases(state, repository).find(({ version }) => version === target.release);
  if (!environment && !release) {
    return undefined;
  }
  const where = environment?.name ?? (release && chooseEnvironment(repository, release.version));
  const what = release?.version ?? (environment && chooseRelease(repository, environment));
  return where === undefined || what === undefined
    ? undefined
    : { repositoryId: repository.id, environment: where, release: what };
}

/** True while release and environment of a subject are there. */
export function isPresent(state: StoreState, subject: ChecklistSubject): boolean {
  const repository = state.repositories.get(subject.repositoryId);
  if (!repository?.environments.some(({ name }) => name === subject.environment)) {
    return false;
  }
  // An old release may be there though the window has not asked for it.
  const known = listReleases(state, repository);
  return known.length < repository.releaseCount || known.some(({ version }) => version === subject.release);
}

/** True for two subjects that are about the same. */
export function isSameSubject(
  left: ChecklistSubject | undefined,
  right: ChecklistSubject | undefined,
): boolean {
  return (
    left?.repositoryId === right?.repositoryId &&
    left?.environment === right?.environment &&
    left?.release === right?.release
  );
}

/** Reads a subject that was kept over a reload; `undefined` for anything else. */
export function parseSubject(value: unknown): ChecklistSubject | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const { repositoryId, environment, release } = value as Readonly<Record<string, unknown>>;
  return typeof repositoryId === 'string' && typeof environment === 'string' && typeof release === 'string'
    ? { repositoryId, environment, release }
    : undefined;
}

/** A promotion's row names its promotion; that knows release and environment. */
function readPromotion(state: StoreState, { promotionId }: ItemTarget): ItemTarget {
  const plan = promotionId === undefined ? undefined : findPromotion(state, promotionId)?.plan;
  return plan
    ? { repositoryId: plan.repositoryId, environment: plan.target.environment, release: plan.release.version }
    : {};
}

function chooseEnvironment({ environments, releases }: RepositoryView, version: string): string | undefined {
  const reach = releases.find(release => release.version === version)?.reach ?? [];
  const runs = (name: string) =>
    reach.some(reached => reached.environment === name && reached.state === 'running');
  return (environments.find(({ name }) => !runs(name)) ?? environments.at(-1))?.name;
}

function chooseRelease(
  { environments, releases }: RepositoryView,
  environment: EnvironmentView,
): string | undefined {
  const here = environment.running.map(({ version }) => version);
  const before = environments.find(({ name }) => name === environment.after);
  const comes = before?.running.map(({ version }) => version) ?? [];
  const fresh = releases.filter(({ version }) => !here.includes(version));
  return (fresh.find(({ version }) => comes.includes(version)) ?? fresh[0] ?? releases[0])?.version;
}
