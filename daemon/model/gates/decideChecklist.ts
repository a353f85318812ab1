import { type CheckStatus, decideCheck } from '../decideCheck.ts';
import type { Gate } from '../gate.ts';
import type { GateInput } from './gateInput.ts';

/**
 * Checklist: every check of the environment's checklist, proven for exactly what would be promoted now.
 * A rollback is never held by it: the way back stays open.
 */
export function decideChecklist(input: GateInput): Gate | undefined {
  const { checklist } = input.environment;
  if (!checklist || input.kind === 'rollback') {
    return undefined;
  }
  const gate = {
    kind: 'checklist',
    title: `Checklist: ${checklist.name}`,
    enforcement: input.enforcement,
    action: { command: 'showChecklist', environment: input.environment.name },
  } as const;
  const facts = input.checks;
  if (!facts) {
    return {
      ...gate,
      state: 'unknown',
      reason: 'Nobody can say what its checks would be for.',
      next: 'Open the checklist: it says what is missing.',
    };
  }
  const statuses = checklist.checks.map(check => decideCheck(check, facts));
  const open = statuses.filter(({ state }) => state !== 'pass');
  if (open.length === 0) {
    const { action: _, ...passed } = gate;
    return { ...passed, state: 'pass', ...describeComplete(statuses) };
  }
  return {
    ...gate,
    state: open.some(({ state }) => state === 'hold') ? 'hold' : 'unknown',
    reason: describeOpen(statuses, open),
    next: [...new Set(open.map(({ next }) => next ?? ''))].join(' '),
  };
}

function describeComplete(statuses: readonly CheckStatus[]): Pick<Gate, 'reason' | 'since'> {
  const last = statuses
    .flatMap(({ tick }) => tick ?? [])
    .toSorted((left, right) => left.sequence - right.sequence)
    .at(-1);
  const count = statuses.length === 1 ? 'Its one check is' : `All ${statuses.length} checks are`;
  return last
    ? { reason: `${count} ticked, the last one by ${last.person}.`, since: last.at }
    : { reason: `${count} ticked.` };
}

function describeOpen(statuses: readonly CheckStatus[], open: readonly CheckStatus[]): string {
  const groups = Map.groupBy(open, ({ state, reason, voided }) =>
    voided ? `ticked, but void: ${voided.why}` : state === 'unknown' ? reason : 'not ticked',
  );
  return [
    `${open.length} of ${statuses.length} checks ${open.length === 1 ? 'is' : 'are'} open.`,
    ...[...groups].map(
      ([why, list]) => `${list.map(({ check }) => `"${check.text}"`).join(', ')}: ${why.replace(/\.$/, '')}.`,
    ),
  ].join(' ');
}
