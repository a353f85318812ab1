import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** This session needs a log no more. */
export function handleLogClose({ logs }: Services): Handler<'log.close'> {
  return async ({ logId }, { session }) => {
    logs.close(logId, session.id);
    return {};
  };
}
