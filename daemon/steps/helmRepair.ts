import type { PlannedStep } from '../model/plan.ts';
import type { Inspection } from '../model/promotionEvent.ts';
import { pickExpectations } from '../model/verification.ts';
import type { StepContext } from './step.ts';

/**
 * The step that ends a `pending-*` row which our own helm left when it was killed:
 * back to the revision that was good before, or away with a first installation that never was.
 */
export function buildRepair({ step }: StepContext, inspection: Inspection): PlannedStep | undefined {
  const release = step.input['release'];
  const namespace = step.input['namespace'];
  if (!release || !namespace) {
    return undefined;
  }
  // A rollback, and so a repair that was broken itself, only ever goes to a good revision.
  const good = step.input['goodRevision'] || step.input['toRevision'];
  const rollback = good !== undefined && good !== '';
  const words = rollback
    ? ['rollback', release, good, '--namespace', namespace]
    : ['uninstall', release, '--namespace', namespace];
  return {
    id: `repair-${step.id}`,
    kind: rollback ? 'helmRollback' : 'helmUninstall',
    title: rollback ? `helm rollback ${release} ${good}` : `helm uninstall ${release}`,
    command: { tool: 'helm', args: words.map(text => ({ text, added: true })) },
    input: {
      release,
      namespace,
      baseRevision: inspection.facts['revision'] ?? '0',
      ...(rollback ? { ...pickExpectations(step.input), toRevision: good, goodRevision: good } : {}),
    },
    undo: 'None: it only puts right what a killed helm left.',
    timeoutSeconds: step.timeoutSeconds,
  };
}
