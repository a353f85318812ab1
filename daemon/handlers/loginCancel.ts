import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Stops a waiting credential plugin. */
export function handleLoginCancel({ logins }: Services): Handler<'login.cancel'> {
  return async ({ id }) => {
    logins.cancel(id);
    return {};
  };
}
