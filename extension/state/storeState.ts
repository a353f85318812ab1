import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { Login } from '../../daemon/protocol/login.ts';
import type { Result } from '../../daemon/protocol/messages.ts';
import type { Plan } from '../../daemon/protocol/plan.ts';
import type { Promotion } from '../../daemon/protocol/promotion.ts';
import type { ReleaseView } from '../../daemon/protocol/release.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import type { ToolProblem } from '../../daemon/protocol/setup.ts';
import type { DaemonState } from './daemonState.ts';
import type { FailureView } from './readFailure.ts';

/** A folder of the workspace: the repository that holds it, or why there is none. */
export type FolderState = {
  readonly folder: string;
  readonly repositoryId?: string;
  readonly problem?: FailureView;
};

/** What changed between what runs in an environment and a release. */
export type Comparison =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly result: Result<'release.compare'> }
  | { readonly state: 'failed'; readonly problem: FailureView };

/** Everything the window knows. */
export type StoreState = {
  readonly daemon: DaemonState;
  /** Tools that a promotion needs and that cannot be used. */
  readonly tools: readonly ToolProblem[];
  /** Credential plugins that wait for a person, by their ids. */
  readonly logins: ReadonlyMap<string, Login>;
  /** How the daemon is set up, as it was shown last. */
  readonly setup?: Result<'setup.show'>;
  readonly folders: readonly FolderState[];
  readonly repositories: ReadonlyMap<string, RepositoryView>;
  readonly comparisons: ReadonlyMap<string, Comparison>;
  /** Repository id to its newest releases, where somebody wants to see more than a view holds. */
  readonly listed: ReadonlyMap<string, readonly ReleaseView[]>;
  readonly plans: ReadonlyMap<string, Plan>;
  /** Plan id to the promotion that was started from it in this window. */
  readonly started: ReadonlyMap<string, string>;
  /** The journal's last sequence number that this window has seen; 0 before any. */
  readonly sequence: number;
};

/** What can happen to the store. */
export type StoreAction =
  | { readonly type: 'daemonChanged'; readonly daemon: DaemonState }
  | { readonly type: 'toolsChecked'; readonly problems: readonly ToolProblem[] }
  | { readonly type: 'loginsListed'; readonly logins: readonly Login[] }
  | { readonly type: 'loginAsked'; readonly login: Login }
  | { readonly type: 'loginEnded'; readonly id: string }
  | { readonly type: 'setupRead'; readonly setup: Result<'setup.show'> }
  | { readonly type: 'foldersChanged'; readonly folders: readonly string[] }
  | { readonly type: 'folderOpened'; readonly folder: string; readonly repository: RepositoryView }
  | { readonly type: 'folderFailed'; readonly folder: string; readonly problem: FailureView }
  | { readonly type: 'repositoryChanged'; readonly repository: RepositoryView }
  | {
      readonly type: 'environmentChanged';
      readonly repositoryId: string;
      readonly environment: EnvironmentView;
    }
  | { readonly type: 'promotionChanged'; readonly sequence: number; readonly promotion: Promotion }
  | { readonly type: 'compared'; readonly key: string; readonly comparison: Comparison }
  | { readonly type: 'comparisonsForgotten' }
  | {
      readonly type: 'releasesListed';
      readonly repositoryId: string;
      readonly releases: readonly ReleaseView[];
    }
  | { readonly type: 'planned'; readonly plan: Plan }
  | { readonly type: 'planStarted'; readonly planId: string; readonly promotionId: string };

/** What of the store changed. */
export type StoreKey =
  | 'daemon'
  | 'tools'
  | 'setup'
  | 'logins'
  | 'folders'
  | 'comparisons'
  | `repository/${string}`
  | `environment/${string}`
  | `promotion/${string}`
  | `plan/${string}`;

/** The store before anything is known. */
export const emptyState: StoreState = {
  daemon: { state: 'starting' },
  tools: [],
  logins: new Map(),
  folders: [],
  repositories: new Map(),
  comparisons: new Map(),
  listed: new Map(),
  plans: new Map(),
  started: new Map(),
  sequence: 0,
};

/** Folds one action into the state and names what changed; nothing changed means no keys. */
export function reduceStore(
  state: StoreState,
  action: StoreAction,
): { readonly state: StoreState; readonly changed: readonly StoreKey[] } {
  switch (action.type) {
    case 'daemonChanged':
      return { state: { ...state, daemon: action.daemon }, changed: ['daemon'] };
    case 'toolsChecked':
      return { state: { ...state, tools: action.problems }, changed: ['tools'] };
    case 'loginsListed':
    case 'loginAsked':
    case 'loginEnded':
      return { state: { ...state, logins: reduceLogins(state.logins, action) }, changed: ['logins'] };
    case 'setupRead':
      return { state: { ...state, setup: action.setup }, changed: ['setup'] };
    case 'foldersChanged':
      return withFolders(state, action.folders);
    case 'folderOpened':
      return {
        state: withRepository(
          {
            ...state,
            folders: replaceFolder(state.folders, {
              folder: action.folder,
              repositoryId: action.repository.id,
            }),
          },
          action.repository,
        ),
        changed: ['folders', `repository/${action.repository.id}`],
      };
    case 'folderFailed':
      return {
        state: {
          ...state,
          folders: replaceFolder(state.folders, { folder: action.folder, problem: action.problem }),
        },
        changed: ['folders'],
      };
    case 'repositoryChanged':
      return state.repositories.has(action.repository.id)
        ? { state: withRepository(state, action.repository), changed: [`repository/${action.repository.id}`] }
        : { state, changed: [] };
    case 'environmentChanged':
      return withEnvironment(state, action.repositoryId, action.environment);
    case 'promotionChanged':
      return withPromotion(state, action.promotion, action.sequence);
    case 'compared':
      return {
        state: { ...state, comparisons: new Map(state.comparisons).set(action.key, action.comparison) },
        changed: ['comparisons'],
      };
    case 'comparisonsForgotten':
      return { state: { ...state, comparisons: new Map() }, changed: ['comparisons'] };
    case 'releasesListed':
      return {
        state: { ...state, listed: new Map(state.listed).set(action.repositoryId, action.releases) },
        changed: [`repository/${action.repositoryId}`],
      };
    case 'planned':
      return {
        state: { ...state, plans: new Map(state.plans).set(action.plan.id, action.plan) },
        changed: [`plan/${action.plan.id}`],
      };
    case 'planStarted':
      return {
        state: { ...state, started: new Map(state.started).set(action.planId, action.promotionId) },
        changed: [`plan/${action.planId}`],
      };
  }
}

/** The repositories of the workspace's folders in the folders' order, each once. */
export function listRepositories(state: StoreState): readonly RepositoryView[] {
  const ids = new Set(state.folders.flatMap(folder => folder.repositoryId ?? []));
  return [...ids].flatMap(id => state.repositories.get(id) ?? []);
}

/** Finds a promotion of any open repository. */
export function findPromotion(state: StoreState, promotionId: string): Promotion | undefined {
  for (const repository of state.repositories.values()) {
    const found = repository.promotions.find(promotion => promotion.id === promotionId);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/**
 * The releases of a repository that the window knows, newest first: those of its view, and those that were asked for. What
 * was asked for may be old: where a release runs is what the view says.
 */
export function listReleases(state: StoreState, repository: RepositoryView): readonly ReleaseView[] {
  const listed = state.listed.get(repository.id);
  if (!listed) {
    return repository.releases;
  }
  const held = new Map(repository.releases.map(release => [release.version, release]));
  const known = new Set(listed.map(({ version }) => version));
  const newer = repository.releases.findIndex(({ version }) => known.has(version));
  return [
    ...repository.releases.slice(0, Math.max(0, newer)),
    ...listed.map(release => held.get(release.version) ?? withoutRunning(release)),
    ...repository.releases.slice(Math.max(0, newer)).filter(({ version }) => !known.has(version)),
  ];
}

function withoutRunning(release: ReleaseView): ReleaseView {
  return { ...release, reach: release.reach.filter(({ state }) => state !== 'running') };
}

/** Finds an environment of a repository. */
export function findEnvironment(
  state: StoreState,
  repositoryId: string,
  name: string,
): EnvironmentView | undefined {
  return state.repositories.get(repositoryId)?.environments.find(environment => environment.name === name);
}

/** Names a comparison; what runs in the environment is part of it, so that a change makes it new. */
export function buildComparisonKey(
  repositoryId: string,
  version: string,
  environment: EnvironmentView,
): string {
  const running = environment.running.map(component => component.image ?? component.version ?? '');
  return JSON.stringify([repositoryId, version, environment.name, running]);
}

type LoginAction = Extract<StoreAction, { readonly type: `login${string}` }>;

function reduceLogins(logins: StoreState['logins'], action: LoginAction): StoreState['logins'] {
  switch (action.type) {
    case 'loginsListed':
      return new Map(action.logins.map(login => [login.id, login]));
    case 'loginAsked':
      return new Map(logins).set(action.login.id, action.login);
    case 'loginEnded':
      return new Map([...logins].filter(([id]) => id !== action.id));
  }
}

function withFolders(state: StoreState, folders: readonly string[]): ReturnType<typeof reduceStore> {
  const known = new Map(state.folders.map(folder => [folder.folder, folder]));
  return {
    state: { ...state, folders: folders.map(folder => known.get(folder) ?? { folder }) },
    changed: ['folders'],
  };
}

function replaceFolder(folders: readonly FolderState[], changed: FolderState): readonly FolderState[] {
  return folders.map(folder => (folder.folder === changed.folder ? changed : folder));
}

function withRepository(state: StoreState, repository: RepositoryView): StoreState {
  return { ...state, repositories: new Map(state.repositories).set(repository.id, repository) };
}

function withEnvironment(
  state: StoreState,
  repositoryId: string,
  environment: EnvironmentView,
): ReturnType<typeof reduceStore> {
  const repository = state.repositories.get(repositoryId);
  if (!repository?.environments.some(known => known.name === environment.name)) {
    return { state, changed: [] };
  }
  const environments = repository.environments.map(known =>
    known.name === environment.name ? environment : known,
  );
  return {
    state: withRepository(state, { ...repository, environments }),
    changed: [`environment/${repositoryId}/${environment.name}`],
  };
}

function withPromotion(
  state: StoreState,
  promotion: Promotion,
  sequence: number,
): ReturnType<typeof reduceStore> {
  const seen = { ...state, sequence: Math.max(state.sequence, sequence) };
  const repository = state.repositories.get(promotion.plan.repositoryId);
  if (!repository) {
    return { state: seen, changed: [] };
  }
  const others = repository.promotions.filter(known => known.id !== promotion.id);
  const promotions = [promotion, ...others].sort((a, b) => b.requestedAt.localeCompare(a.requestedAt));
  return {
    state: withRepository(seen, { ...repository, promotions }),
    changed: [`promotion/${promotion.id}`],
  };
}
