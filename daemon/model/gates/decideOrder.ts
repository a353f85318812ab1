import type { Gate } from '../gate.ts';
import type { GateInput, PreviousEnvironment, RunningComponent } from './gateInput.ts';

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
  const { promotionId } = before.succeeded;
  const other = before.running.find(component => !stillRuns(component, { ...input.release, promotionId }));
  if (other || before.running.length === 0) {
    return {
      ...gate,
      state: 'hold',
      reason: other ? describeOther(other, before.name, version) : `${before.name} runs nothing now.`,
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

/**
 * True when a component still runs what a succeeded promotion brought: told by its image where the procedure says what
 * of an image is the version, else, as for an image that stays the same, by who made Helm's deployed revision.
 */
function stillRuns(
  { version, commit, helmVersion, pattern, promotionId }: RunningComponent,
  brought: { readonly version: string; readonly commit: string; readonly promotionId: string },
): boolean {
  if (pattern !== undefined && /\{(?:version|number)\}/.test(pattern)) {
    return version === brought.version;
  }
  if (pattern?.includes('{commit}')) {
    // Two releases may be of one commit, and then of one image.
    return commit === brought.commit;
  }
  return version === brought.version || (helmVersion === undefined && promotionId === brought.promotionId);
}

function describeOther(
  { component, version, pattern }: RunningComponent,
  at: string,
  wanted: string,
): string {
  const runs = version ?? 'nothing that has a version';
  return pattern === undefined || !/\{(?:version|number|commit)\}/.test(pattern)
    ? `${component} in ${at} was changed after the promotion of ${wanted}: it runs ${runs} now.`
    : `${at} runs ${runs} now, not ${wanted}.`;
}
