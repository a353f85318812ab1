import type { Gate } from '../gate.ts';
import type { GateInput } from './gateInput.ts';

/**
 * Lock: one promotion at a time in an environment; says who holds it and since when. A promotion that ended and nobody
 * knows how keeps its lock, until a person has read a plan that was made after that end and starts it.
 */
export function decideLock(input: GateInput): Gate {
  const gate = {
    kind: 'lock',
    title: 'Lock: nobody else is promoting',
    enforcement: input.enforcement,
  } as const;
  if (!input.lock) {
    return { ...gate, state: 'pass', reason: `No promotion to ${input.environment.name} is running.` };
  }
  const { person, promotionId, release, since, needsPersonSince } = input.lock;
  if (needsPersonSince !== undefined) {
    return {
      ...gate,
      state: 'pass',
      reason:
        `The promotion of ${release} by ${person} ended at ${needsPersonSince} and needs a person. ` +
        'Starting this one says that you have looked at what it left, and takes its lock over.',
      since: needsPersonSince,
    };
  }
  return {
    ...gate,
    state: 'hold',
    reason: `${person} has been promoting ${release} to ${input.environment.name} since ${since}.`,
    next: 'Wait until that promotion has ended, or cancel it.',
    action: { command: 'showTimeline', promotionId },
    since,
  };
}
