import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Lists the newest releases, or those that a text finds. */
export function handleReleaseList({ repositories }: Services): Handler<'release.list'> {
  return async ({ repositoryId, text, limit }) =>
    repositories.get(repositoryId).listReleases({ limit, ...(text === undefined ? {} : { text }) });
}
