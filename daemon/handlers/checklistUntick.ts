import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Takes back a tick of whoever asks. */
export function handleChecklistUntick({ checklists, identity }: Services): Handler<'checklist.untick'> {
  return async params => checklists.untick({ ...params, person: identity.person });
}
