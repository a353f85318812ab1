import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Keeps the word of whoever asks that a check is done. */
export function handleChecklistTick({ checklists, identity }: Services): Handler<'checklist.tick'> {
  return async params => checklists.tick({ ...params, person: identity.person });
}
