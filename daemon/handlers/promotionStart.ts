import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Starts a plan when every gate passes at this instant. */
export function handlePromotionStart({ promotions, identity }: Services): Handler<'promotion.start'> {
  return async params => ({ promotionId: await promotions.start({ ...params, person: identity.person }) });
}
