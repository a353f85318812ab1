import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Reads the live state and fixes the steps of a promotion. */
export function handlePromotionPlan({ promotions }: Services): Handler<'promotion.plan'> {
  return async (params, { signal }) => promotions.plan(params, signal);
}
