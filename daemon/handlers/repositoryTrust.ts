import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Keeps the person's word that Slipway may act for a repository with exactly these commands. */
export function handleRepositoryTrust({ repositories, identity }: Services): Handler<'repository.trust'> {
  return async ({ repositoryId, commandsDigest }) =>
    repositories.get(repositoryId).trust(commandsDigest, identity.person);
}
