import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Keeps the person's consent and begins to watch an environment. */
export function handleEnvironmentConnect(services: Services): Handler<'environment.connect'> {
  return async ({ repositoryId, environment, context }) =>
    services.repositories
      .get(repositoryId)
      .environments.connect({ environment, context, person: services.identity.person });
}
