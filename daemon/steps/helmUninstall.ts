import type { Inspection } from '../model/promotionEvent.ts';
import { findNewestRevision } from './helmHistory.ts';
import type { StepContext, StepKindDefinition } from './step.ts';

/** `helm uninstall` of a first installation that never was: done when Helm knows no revision any more. */
export const helmUninstall: StepKindDefinition = {
  effect: 'tool',
  neverKill: true,
  inspect,
  // What an uninstallation left half done, another one ends.
  buildCompensation: ({ step }) => ({ ...step, id: `repair-${step.id}` }),
};

async function inspect({ step, world }: StepContext): Promise<Inspection> {
  const release = step.input['release'] ?? '';
  const rows = await world.revisions(release);
  const status = findNewestRevision(rows)?.status ?? 'none';
  const facts = { release, revisions: String(rows.length), status };
  if (rows.length === 0) {
    return { state: 'done', summary: `Helm knows no release ${release} any more.`, facts };
  }
  return status === 'uninstalling'
    ? { state: 'partial', summary: `Helm is still uninstalling ${release}, and no helm runs.`, facts }
    : { state: 'notDone', summary: `Helm still has ${rows.length} revision(s) of ${release}.`, facts };
}
