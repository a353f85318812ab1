import { listRepositories, type StoreState } from './storeState.ts';

/** Which welcome text the Releases view shows; `ready` shows the tree. */
export type ViewState =
  | 'starting'
  | 'noFolder'
  | 'disconnected'
  | 'noRepository'
  | 'noProcedure'
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
  return nowhere && repository.promotions.length === 0 ? 'notConnected' : 'ready';
}

function decideWithoutRepository(state: StoreState): ViewState {
  if (state.daemon.state !== 'connected') {
    return state.daemon.state === 'disconnected' ? 'disconnected' : 'starting';
  }
  if (state.folders.some(folder => folder.problem === undefined)) {
    return 'starting';
  }
  const codes = new Set(state.folders.map(folder => folder.problem?.code));
  if (codes.has('noProcedure')) {
    return 'noProcedure';
  }
  return codes.has('noRepository') && codes.size === 1 ? 'noRepository' : 'failed';
}
