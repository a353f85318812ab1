import type { Inspection } from '../model/promotionEvent.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { type Clock, Patience } from '../steps/patience.ts';
import type { StepContext, StepKindDefinition } from '../steps/step.ts';
import { stepKinds } from '../steps/stepKinds.ts';

/** How long a cluster that does not answer is waited for, before a step fails or a person is asked. */
export const clusterPatienceMs = 10 * 60_000;

/** Looks until the world answers: a cluster that is away for minutes does not make a promotion fail. */
export async function inspectStep(
  context: StepContext,
  log: (message: string) => void,
  now?: Clock,
): Promise<Inspection> {
  const patience = new Patience(clusterPatienceMs, now);
  for (let delay = 250; ; delay = Math.min(delay * 2, 5000)) {
    try {
      return await stepKinds[context.step.kind].inspect(context);
    } catch (error) {
      log(`inspection of ${context.promotion.id} ${context.step.id}: ${messageOf(error)}`);
      patience.count();
      if (patience.isOver || (error instanceof SlipwayError && error.code === 'wrongCluster')) {
        return buildUnknown(error);
      }
      await patience.pause(delay);
    }
  }
}

/** Waits for what a step without a tool waits for, through outages, within the step's time. */
export async function waitForStep(
  context: StepContext,
  kind: StepKindDefinition,
  signal: AbortSignal,
  now?: Clock,
): Promise<Inspection> {
  const patience = new Patience(context.step.timeoutSeconds * 1000, now);
  for (;;) {
    try {
      return await patience.countWhile(() => (kind.wait ?? kind.inspect)(context, signal, now));
    } catch (error) {
      patience.count();
      if (signal.aborted || patience.isOver) {
        return buildUnknown(error);
      }
      await patience.pause(1000, signal);
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
