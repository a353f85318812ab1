import type { Inspection } from '../model/promotionEvent.ts';
import type { StepContext, StepKindDefinition } from './step.ts';

/** `helm uninstall` of a first installation that never was: done when Helm knows no revision any more. */
export const helmUninstall: StepKindDefinition = { effect: 'tool', neverKill: true, inspect };

async function inspect({ step, world }: StepContext): Promise<Inspection> {
  const release = step.input['release'] ?? '';
  const rows = await world.revisions(release);
  const facts = { release, revisions: String(rows.length) };
  return rows.length === 0
    ? { state: 'done', summary: `Helm knows no release ${release} any more.`, facts }
    : { state: 'notDone', summary: `Helm still has ${rows.length} revision(s) of ${release}.`, facts };
}
