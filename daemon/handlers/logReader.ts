import type { LogReader } from '../watching/logs/openLog.ts';
import type { OpenLogs } from '../watching/logs/openLogs.ts';
import type { ClientSession } from './requestContext.ts';

/** The session as somebody who has logs open, until it has closed. */
export function buildLogReader(session: ClientSession, logs: OpenLogs): LogReader {
  session.onClosed(() => logs.leave(session.id));
  return {
    id: session.id,
    onChanged: changed => session.sendLatest(`log.changed ${changed.log.logId}`, 'log.changed', changed),
  };
}
