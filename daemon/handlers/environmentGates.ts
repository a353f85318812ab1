import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Decides the gates for a release now, without a plan. */
export function handleEnvironmentGates({ promotions }: Services): Handler<'environment.gates'> {
  return async params => ({ gates: [...(await promotions.decideGates(params))] });
}
