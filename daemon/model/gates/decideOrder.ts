import type { Gate } from '../gate.ts';
import type { GateInput, PreviousEnvironment } from './gateInput.ts';

/**
 * Order: our own succeeded promotion of this release digest to the environment before, which still runs it.
 * A rollback has no such gate: it goes back to what this environment has run already.
 */
export function decideOrder(input: GateInput): Gate | undefined {
  if (!input.environment.after || input.kind === 'rollback') {
    return undefined;
  }
  const before: PreviousEnvironment = input.before ?? { name: input.environment.after };
  const gate = {
    kind: 'order',
    title: `Order: ${before.name} first`,
    enforcement: input.enforcement,
  } as const;
  const { version } = input.release;
  if (!before.succeeded) {
    return {
      ...gate,
      state: 'hold',
      reason: `No promotion of exactly this ${version} (commit, images and chart) to ${before.name} has succeeded.`,
      next: `Promote ${version} to ${before.name}.`,
      action: { command: 'promote', environment: before.name },
    };
  }
  if (!before.running) {
    return {
      ...gate,
      state: 'unknown',
      reason: `Nobody can say what runs in ${before.name}: ${before.problem ?? 'it is not connected'}.`,
      next: `Connect ${before.name}, or wait until its cluster answers.`,
      ...(before.notConnected === true
        ? { action: { command: 'connect', environment: before.name } as const }
        : {}),
    };
  }
  const other = before.running.find(component => component.version !== version);
  if (other || before.running.length === 0) {
    return {
      ...gate,
      state: 'hold',
      reason: `${before.name} runs ${other?.version ?? 'nothing'} now, not ${version}.`,
      next: `Promote ${version} to ${before.name} again.`,
      action: { command: 'promote', environment: before.name },
    };
  }
  return {
    ...gate,
    state: 'pass',
    reason: `${before.succeeded.person} promoted it to ${before.name}, which still runs it.`,
    since: before.succeeded.at,
  };
}
