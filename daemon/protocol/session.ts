import * as z from 'zod';
import { request } from './define.ts';

/** Requests about the session itself. */
export const sessionRequests = {
  /** The first request of a session: both ends say their versions. */
  'session.hello': request(
    z.object({
      protocolVersion: z.number().int(),
      client: z.object({ name: z.string(), version: z.string() }),
    }),
    z.object({
      protocolVersion: z.number().int(),
      daemon: z.object({
        version: z.string(),
        pid: z.number().int(),
        startedAt: z.string(),
        home: z.string(),
        host: z.string(),
        logFile: z.string(),
      }),
      /** Who acts: the operating system's user. */
      person: z.string(),
      /** The sequence number of the journal's last event. */
      head: z.number().int(),
    }),
  ),
  /** Sends every journal event after `since` to this session, each exactly once and in order, from now on. */
  'session.subscribe': request(
    z.object({ since: z.number().int().min(0) }),
    z.object({ head: z.number().int() }),
  ),
  /** Asks an older daemon to make way; it refuses while a promotion runs. */
  'session.retire': request(
    z.object({ version: z.string() }),
    z.object({ retiring: z.boolean(), reason: z.string() }),
  ),
  /** Slipway was uninstalled: the daemon ends as soon as nobody needs it, and removes its program. */
  'session.leave': request(
    z.object({}),
    /** What it waits for, one sentence each; it waits for connected clients too. */
    z.object({ waitsFor: z.array(z.string()) }),
  ),
};
