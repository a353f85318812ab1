import type { Gate } from '../gate.ts';
import { decideChecklist } from './decideChecklist.ts';
import { decideLock } from './decideLock.ts';
import { decideOrder } from './decideOrder.ts';
import { decideUnavailable } from './decideUnavailable.ts';
import type { GateInput } from './gateInput.ts';

type Decide = (input: GateInput) => Gate | readonly Gate[] | undefined;

/** Every gate that this version can decide, in the order in which people read them. */
const decisions: readonly Decide[] = [decideOrder, decideChecklist, decideUnavailable, decideLock];

/** Decides every gate of a promotion at one instant. */
export function decideGates(input: GateInput): readonly Gate[] {
  return decisions.flatMap(decide => decide(input) ?? []);
}
