import { buildDigest } from '../../daemon/model/digest.ts';
import type { Gate } from '../../daemon/model/gate.ts';
import type { Plan, PlannedStep } from '../../daemon/model/plan.ts';

/** A step with sensible values for everything that a test does not care about. */
export function aStep(values: Partial<PlannedStep> = {}): PlannedStep {
  return {
    id: 'step',
    kind: 'helmUpgrade',
    title: 'helm upgrade kosmos',
    command: { tool: 'helm', args: [{ text: 'upgrade', added: false }] },
    input: { release: 'kosmos', namespace: 'kosmos', baseRevision: '1', goodRevision: '1' },
    undo: 'helm rollback',
    timeoutSeconds: 60,
    ...values,
  };
}

/** A gate that holds a plan back, with its reason and the way on. */
export function aHoldingGate(values: Partial<Gate> = {}): Gate {
  return {
    kind: 'order',
    title: 'Order: staging first',
    state: 'hold',
    reason: 'It never ran in staging.',
    next: 'Promote v2.1.0 to staging.',
    enforcement: 'advice: kept on this machine',
    ...values,
  };
}

/** A plan with sensible values for everything that a test does not care about. */
export function aPlan(values: Partial<Plan> = {}): Plan {
  return {
    id: 'p-1',
    digest: buildDigest('plan'),
    kind: 'regular',
    repositoryId: 'repository',
    procedure: 'kosmos',
    release: { version: 'v2.1.0', commit: 'c'.repeat(40), digest: buildDigest('release') },
    target: {
      environment: 'staging',
      namespace: 'kosmos-staging',
      clusterId: 'uid',
      context: 'kosmos-staging',
      server: 'https://127.0.0.1:6443',
    },
    policy: { hash: buildDigest('policy'), from: 'origin/main', commit: 'c'.repeat(40) },
    steps: [aStep()],
    images: [],
    commits: { to: 'v2.1.0', direction: 'first', commits: [], total: 0 },
    objects: [],
    warnings: [],
    gates: [],
    confirmation: 'modal',
    readAt: '2026-01-01T00:00:00.000Z',
    ...values,
  };
}
