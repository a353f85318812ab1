import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Takes a moved tag's new commit as right. */
export function handleReleaseAcceptMovedTag(services: Services): Handler<'release.acceptMovedTag'> {
  return async ({ repositoryId, version, commit }) => {
    const repository = services.repositories.get(repositoryId);
    await repository.acceptMovedTag({ version, commit, person: services.identity.person });
    const { releases, releaseCount } = repository.view();
    return { releases, releaseCount };
  };
}
