import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Lists what changed between what runs in an environment and a release. */
export function handleReleaseCompare({ repositories }: Services): Handler<'release.compare'> {
  return async ({ repositoryId, version, environment }, { signal }) =>
    repositories.get(repositoryId).compareRelease({ version, environment, signal });
}
