import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Fetches tags again. */
export function handleReleaseRefresh({ repositories }: Services): Handler<'release.refresh'> {
  return async ({ repositoryId }) => {
    const repository = repositories.get(repositoryId);
    await repository.refresh();
    const { releases, releaseCount } = repository.view();
    return { releases, releaseCount };
  };
}
