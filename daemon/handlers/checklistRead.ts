import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Decides gates and checks for a release in an environment. */
export function handleChecklistRead({ checklists, identity }: Services): Handler<'checklist.read'> {
  return async params => checklists.read({ ...params, person: identity.person });
}
