import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Opens the repository that holds a folder and sends this session its changes. */
export function handleRepositoryOpen({ repositories }: Services): Handler<'repository.open'> {
  return async ({ folder }, { session }) => {
    const repository = await repositories.open(folder);
    session.openedRepositories.add(repository.id);
    return repository.view();
  };
}
