import { buildBatch } from '../watching/logs/buildBatch.ts';
import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Reads entries of a log, or of this session's filtered view of it. */
export function handleLogRead({ logs }: Services): Handler<'log.read'> {
  return async ({ logId, filterId, from, limit }, { session }) =>
    buildBatch(logs.get(logId, session.id).list(session.id, filterId), from, limit);
}
