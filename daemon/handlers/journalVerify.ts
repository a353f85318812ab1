import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Checks the journal's chain and anchors. */
export function handleJournalVerify(services: Pick<Services, 'journal'>): Handler<'journal.verify'> {
  return async () => {
    const { findings, ...verification } = await services.journal.verify();
    return { ...verification, findings: [...findings] };
  };
}
