import { listRepositories, type StoreState } from './storeState.ts';

/** How far a person has got, for the steps of the walkthrough. */
export type Milestones = {
  readonly procedure: boolean;
  readonly trusted: boolean;
  readonly connected: boolean;
  readonly promoted: boolean;
};

/** Decides which steps of the walkthrough are done in any of the window's repositories. */
export function decideMilestones(state: StoreState): Milestones {
  const repositories = listRepositories(state);
  const environments = repositories.flatMap(repository => repository.environments);
  const promotions = repositories.flatMap(repository => repository.promotions);
  return {
    procedure: repositories.some(({ procedure }) => procedure === 'valid'),
    trusted: repositories.some(({ procedure, trust }) => procedure === 'valid' && trust.state === 'trusted'),
    connected: environments.some(({ connection }) => connection.state !== 'notConnected'),
    promoted: promotions.some(({ state: reached }) => reached === 'succeeded'),
  };
}
