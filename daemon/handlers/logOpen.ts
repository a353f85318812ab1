import { buildLogReader } from './logReader.ts';
import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Opens the log of a workload for this session and follows it. */
export function handleLogOpen({ logs }: Services): Handler<'log.open'> {
  return async (params, { session, signal }) => {
    const log = await logs.open(params, buildLogReader(session, logs), signal);
    return log.view();
  };
}
