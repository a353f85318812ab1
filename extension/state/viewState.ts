import { listRepositories, type StoreState } from './storeState.ts';

/** Which welcome text the Releases view shows; `ready` shows the tree. */
export type ViewState =
  | 'starting'
  | 'noFolder'
  | 'disconnected'
  | 'noRepository'
  | 'noProcedure'
  | 'toolMissing'
  | 'invalid'
  | 'untrusted'
  | 'notConnected'
  | 'failed'
  | 'ready';

/** Decides what keeps the tree empty, by the first thing that the person has to do. */
export function decideViewState(state: StoreState): ViewState {
  if (state.folders.length === 0) {
    return 'noFolder';
  }
  const repositories = listRepositories(state);
  if (repositories.length === 0) {
    return decideWithoutRepository(state);
  }
  if (repositories.length > 1) {
    return 'ready';
  }
  const [repository] = repositories;
  if (!repository || repository.procedure === 'missing') {
    return 'noProcedure';
  }
  if (repository.procedure === 'invalid' && repository.environments.length === 0) {
    return 'invalid';
  }
  if (repository.trust.state !== 'trusted' && repository.promotions.length === 0) {
    return 'untrusted';
  }
  const nowhere = repository.environments.every(({ connection }) => connection.state === 'notConnected');
  if (nowhere && repository.promotions.length === 0) {
    return state.tools.length > 0 ? 'toolMissing' : 'notConnected';
  }
  return 'ready';
}

/** The error code behind what the view says, for the welcome text to fit it; empty where there is none. */
export function decideProblem(state: StoreState): string {
  const { daemon, tools, folders } = state;
  if (daemon.state === 'disconnected') {
    return daemon.code;
  }
  const [only, ...others] = listRepositories(state);
  if (only?.misplaced && others.length === 0) {
    return only.misplaced.kind === 'name' ? 'misnamed' : 'misplaced';
  }
  const folder = folders.find(({ problem }) => problem)?.problem?.code;
  const [tool] = tools;
  return folder ?? (tool ? `${tool.code}.${tool.name}` : '');
}

function decideWithoutRepository(state: StoreState): ViewState {
  if (state.daemon.state !== 'connected') {
    return state.daemon.state === 'disconnected' ? 'disconnected' : 'starting';
  }
  if (state.folders.some(folder => folder.problem === undefined)) {
    return 'starting';
  }
  const codes = new Set(state.folders.map(folder => folder.problem?.code));
  if (codes.has('toolMissing') || codes.has('toolTooOld')) {
    return 'toolMissing';
  }
  if (codes.has('noProcedure')) {
    return 'noProcedure';
  }
  return codes.has('noRepository') && codes.size === 1 ? 'noRepository' : 'failed';
}
