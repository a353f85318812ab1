import { findEntry } from '../watching/logs/findEntry.ts';
import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Looks for a pattern in a log, or in this session's filtered view of it. */
export function handleLogFind({ logs }: Services): Handler<'log.find'> {
  return async ({ logId, filterId, ...search }, { session, signal }) => {
    const list = logs.get(logId, session.id).list(session.id, filterId);
    const place = await findEntry(list, search, signal);
    return place === undefined ? {} : { place };
  };
}
