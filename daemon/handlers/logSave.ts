import { saveLog } from '../watching/logs/saveLog.ts';
import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Writes a log, or this session's filtered view of it, to a file. */
export function handleLogSave({ logs }: Services): Handler<'log.save'> {
  return async ({ logId, filterId, path, timestamps, sources }, { session, signal }) => {
    const log = logs.get(logId, session.id);
    const list = log.list(session.id, filterId);
    return saveLog(
      list,
      { path, timestamps, ...(sources ? { nameSource: id => log.nameSource(id) } : {}) },
      signal,
    );
  };
}
