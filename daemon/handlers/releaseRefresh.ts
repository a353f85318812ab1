import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Fetches tags again, and tries at once what waits after a failure: a person asked for it. */
export function handleReleaseRefresh({ repositories, tryAgain }: Services): Handler<'release.refresh'> {
  return async ({ repositoryId }) => {
    tryAgain();
    const repository = repositories.get(repositoryId);
    await repository.refresh();
    const { releases, releaseCount } = repository.view();
    return { releases, releaseCount };
  };
}
