import type { Gate } from '../gate.ts';
import type { GateInput } from './gateInput.ts';

/** Lock: one promotion at a time in an environment; says who holds it and since when. */
export function decideLock(input: GateInput): Gate {
  const gate = {
    kind: 'lock',
    title: 'Lock: nobody else is promoting',
    enforcement: input.enforcement,
  } as const;
  if (!input.lock) {
    return { ...gate, state: 'pass', reason: `No promotion to ${input.environment.name} is running.` };
  }
  const { person, release, since } = input.lock;
  return {
    ...gate,
    state: 'hold',
    reason: `${person} has been promoting ${release} to ${input.environment.name} since ${since}.`,
    next: 'Wait until that promotion has ended, or cancel it.',
    since,
  };
}
