import type { Inspection } from '../model/promotionEvent.ts';
import { findNewestRevision } from './helmHistory.ts';
import type { StepContext, StepKindDefinition } from './step.ts';

/** `helm status`: the document's own look at the end; it changes nothing. */
export const helmStatus: StepKindDefinition = { effect: 'tool', looks: true, neverKill: false, inspect };

async function inspect({ step, world }: StepContext): Promise<Inspection> {
  const release = step.input['release'] ?? '';
  const newest = findNewestRevision(await world.revisions(release));
  const facts = { release, revision: String(newest?.revision ?? 0), status: newest?.status ?? 'none' };
  return newest?.status === 'deployed'
    ? { state: 'done', summary: `Revision ${newest.revision} of ${release} is deployed.`, facts }
    : {
        state: 'failed',
        summary: `The newest revision of ${release} is ${newest?.status ?? 'missing'}.`,
        facts,
      };
}
