import { buildDigest } from '../../daemon/model/digest.ts';
import type { ChecklistView, CheckView } from '../../daemon/protocol/checklist.ts';
import type { Gate } from '../../daemon/protocol/gate.ts';

const enforcement = 'advice: kept on this machine';

/** A check of alice's that is open. */
export function aCheckView(values: Partial<CheckView> = {}): CheckView {
  return {
    id: 'c-1',
    text: 'Change request approved',
    scope: 'environment',
    state: 'hold',
    reason: 'Nobody has ticked it yet.',
    next: 'pm (alice) can tick it.',
    who: 'pm (alice)',
    mine: true,
    digest: buildDigest('plan'),
    ...values,
  };
}

/** That check, ticked. */
export function aTickedView(values: Partial<CheckView> = {}): CheckView {
  const { next: _, ...open } = aCheckView();
  const tick = { person: 'alice', at: '2026-11-23T14:20:00.000Z' };
  return { ...open, state: 'pass', reason: `alice ticked it at ${tick.at}.`, tick, ...values };
}

/** The gate that asks for staging first. */
export function anOrderGate(values: Partial<Gate> = {}): Gate {
  return {
    kind: 'order',
    title: 'Order: staging first',
    state: 'hold',
    reason: 'staging runs v2.0.0 now, not v2.1.0.',
    next: 'Promote v2.1.0 to staging again.',
    action: { command: 'promote', environment: 'staging' },
    enforcement,
    ...values,
  };
}

/** The gate of the checklist. */
export function aChecklistGate(values: Partial<Gate> = {}): Gate {
  return {
    kind: 'checklist',
    title: 'Checklist: pre-deployment',
    state: 'hold',
    reason: '1 of 3 checks is open. "Change request approved": not ticked.',
    next: 'pm (alice) can tick it.',
    action: { command: 'showChecklist', environment: 'production' },
    enforcement,
    ...values,
  };
}

/** v2.1.0 to production: held by order and checklist, with a check in every state. */
export function aChecklistView(values: Partial<ChecklistView> = {}): ChecklistView {
  return {
    repositoryId: 'repository',
    environment: 'production',
    release: 'v2.1.0',
    commit: 'c'.repeat(40),
    sequence: 1,
    person: 'alice',
    gates: [
      anOrderGate(),
      aChecklistGate(),
      {
        kind: 'lock',
        title: 'Lock: nobody else is promoting',
        state: 'pass',
        reason: 'No promotion to production is running.',
        enforcement,
      },
    ],
    checklist: {
      name: 'pre-deployment',
      checks: [
        aTickedView({ id: 'c-0', text: 'All tests passing (unit, integration, E2E)', scope: 'release' }),
        aCheckView(),
        aCheckView({
          id: 'c-2',
          text: 'Backup verified and recovery tested',
          voided: {
            person: 'dana',
            at: '2026-11-23T13:20:00.000Z',
            why: 'since then this changed: set: replicas of agent (was 2, is 3)',
            note: 'restore of last night',
          },
        }),
        aCheckView({
          id: 'c-3',
          text: 'Stakeholders notified',
          scope: 'promotion',
          mine: false,
          who: 'dev-lead (dana)',
          next: 'dev-lead (dana) can tick it.',
        }),
        probeView(),
      ],
    },
    digests: {
      release: {
        digest: buildDigest('release'),
        parts: [{ part: 'commit', name: '', value: 'c'.repeat(40) }],
      },
      plan: {
        digest: buildDigest('plan'),
        parts: [
          { part: 'commit', name: '', value: 'c'.repeat(40) },
          { part: 'image', name: 'kosmos/agent', value: 'v2.1.0@unverified' },
          { part: 'set', name: 'replicas of agent', value: '3' },
          { part: 'values', name: 'values-production.yaml', value: 'blob' },
          { part: 'cluster', name: '', value: '0f6c2c1e-6f5c-4d0e-9d0a-0d8c1c3a8f11' },
        ],
      },
    },
    policy: { from: 'origin/main', commit: 'd'.repeat(40) },
    ...values,
  };
}

function probeView(): CheckView {
  const { digest: _, ...check } = aCheckView({
    id: 'c-4',
    text: 'Security scan completed',
    scope: 'release',
    state: 'unknown',
    reason: 'It is proven by sarif, which this version of Slipway cannot check: not available yet.',
    next: 'Make it a check that a person ticks (tick: ROLE), or update Slipway when the probe is available.',
    who: 'Nobody',
    mine: false,
  });
  return check;
}
