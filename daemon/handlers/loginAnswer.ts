import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Gives a waiting credential plugin an answer. */
export function handleLoginAnswer({ logins }: Services): Handler<'login.answer'> {
  return async ({ id, answer }) => {
    logins.answer(id, answer);
    return {};
  };
}
