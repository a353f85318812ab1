import type { Gate } from '../gate.ts';
import type { GateInput } from './gateInput.ts';

/**
 * Keys of the procedure whose gate this version cannot check: each holds the promotion, none is ignored.
 * A rollback is never held by them: freezes and windows do not block the way back.
 */
export function decideUnavailable(input: GateInput): readonly Gate[] {
  if (input.kind === 'rollback') {
    return [];
  }
  return input.environment.unavailable.map(policy => ({
    kind: policy.kind,
    title: `${policy.path.split('.').at(-1) ?? policy.kind}: not available yet`,
    state: 'unknown',
    reason: `slipway.yaml asks for ${policy.path}, which this version of Slipway cannot check: not available yet.`,
    next: 'Promote by the written procedure, or update Slipway when the gate is available.',
    action: { command: 'openProcedure' },
    enforcement: input.enforcement,
  }));
}
