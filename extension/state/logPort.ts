import type * as z from 'zod';
import type { logNotifications, logRequests } from '../../daemon/protocol/log.ts';

type Requests = typeof logRequests;
type Changed = z.output<(typeof logNotifications)['log.changed']['params']>;

/** What of the daemon has to do with logs. */
export type LogPort = {
  request<M extends keyof Requests>(
    method: M,
    params: z.output<Requests[M]['params']>,
  ): Promise<z.output<Requests[M]['result']>>;
  on(name: 'log.changed', listener: (params: Changed) => void): () => void;
};
