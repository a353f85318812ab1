import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Makes this session's filtered view of a log. */
export function handleLogFilter({ logs }: Services): Handler<'log.filter'> {
  return async ({ logId, filter }, { session }) => logs.get(logId, session.id).filter(session.id, filter);
}
