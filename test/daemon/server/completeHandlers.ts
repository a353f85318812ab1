import type { Handlers } from '../../../daemon/handlers/requestContext.ts';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import { requests } from '../../../daemon/protocol/messages.ts';

/** Completes the handlers that a test cares about with ones that answer `internal`. */
export function completeHandlers(handlers: Partial<Handlers>): Handlers {
  const names = Object.keys(requests);
  const missing = names.map(name => [
    name,
    async () => {
      throw new SlipwayError('internal', `${name} is not part of this test.`);
    },
  ]);
  return { ...(Object.fromEntries(missing) as Handlers), ...handlers };
}
