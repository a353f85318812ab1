import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Tells which credential plugins wait for a person, and this session from now on when one does. */
export function handleLoginList({ logins }: Services): Handler<'login.list'> {
  return async (_params, { session }) => {
    session.answersLogins = true;
    return { logins: [...logins.list()] };
  };
}
