import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Lists the kubeconfig's contexts for an environment, best first. */
export function handleEnvironmentContexts({ repositories }: Services): Handler<'environment.contexts'> {
  return async ({ repositoryId, environment }) =>
    repositories.get(repositoryId).environments.listContexts(environment);
}
