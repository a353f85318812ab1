import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Reads one side of a plan's diffs. */
export function handlePlanReadText({ promotions }: Services): Handler<'plan.readText'> {
  return async ({ planId, text }) => ({ text: promotions.readPlanText(planId, text) });
}
