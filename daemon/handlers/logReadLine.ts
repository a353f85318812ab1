import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Reads one line whole. */
export function handleLogReadLine({ logs }: Services): Handler<'log.readLine'> {
  return async ({ logId, sequence }, { session }) => ({
    text: await logs.get(logId, session.id).readText(sequence),
  });
}
