import type { Inspection } from '../model/promotionEvent.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { StepContext, StepKindDefinition } from '../steps/step.ts';
import { stepKinds } from '../steps/stepKinds.ts';
import { pause } from './pause.ts';

/** How long a cluster that does not answer is waited for, before a step fails or a person is asked. */
export const clusterPatienceMs = 10 * 60_000;

/** Looks until the world answers: a cluster that is away for minutes does not make a promotion fail. */
export async function inspectStep(context: StepContext, log: (message: string) => void): Promise<Inspection> {
  const deadline = Date.now() + clusterPatienceMs;
  for (let delay = 250; ; delay = Math.min(delay * 2, 5000)) {
    try {
      return await stepKinds[context.step.kind].inspect(context);
    } catch (error) {
      log(`inspection of ${context.promotion.id} ${context.step.id}: ${messageOf(error)}`);
      if (Date.now() > deadline || (error instanceof SlipwayError && error.code === 'wrongCluster')) {
        return buildUnknown(error);
      }
      await pause(delay);
    }
  }
}

/** Waits for what a step without a tool waits for, through outages, within the step's time. */
export async function waitForStep(
  context: StepContext,
  kind: StepKindDefinition,
  signal: AbortSignal,
): Promise<Inspection> {
  const deadline = Date.now() + context.step.timeoutSeconds * 1000;
  for (;;) {
    try {
      return await (kind.wait ?? kind.inspect)(context, signal);
    } catch (error) {
      if (signal.aborted || Date.now() > deadline) {
        return buildUnknown(error);
      }
      await pause(1000, signal);
    }
  }
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function buildUnknown(error: unknown): Inspection {
  return { state: 'unknown', summary: `Nobody can say what was done: ${messageOf(error)}`, facts: {} };
}
