import type { Handler } from './requestContext.ts';

/** Ends the changes of a repository for this session. */
export function handleRepositoryClose(): Handler<'repository.close'> {
  return async ({ repositoryId }, { session }) => {
    session.openedRepositories.delete(repositoryId);
    return {};
  };
}
