import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Withdraws the person's consent. */
export function handleEnvironmentDisconnect(services: Services): Handler<'environment.disconnect'> {
  return async ({ repositoryId, environment }) =>
    services.repositories
      .get(repositoryId)
      .environments.disconnect({ environment, person: services.identity.person });
}
