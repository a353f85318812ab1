import { buildLogReader } from './logReader.ts';
import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Lets this session take part in a log that is open. */
export function handleLogAttach({ logs }: Services): Handler<'log.attach'> {
  return async ({ logId }, { session }) => logs.attach(logId, buildLogReader(session, logs)).view();
}
