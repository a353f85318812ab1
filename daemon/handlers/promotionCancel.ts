import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Stops a promotion and answers with what the cluster then says. */
export function handlePromotionCancel({ promotions, identity }: Services): Handler<'promotion.cancel'> {
  return async ({ promotionId }) => ({ promotion: await promotions.cancel(promotionId, identity.person) });
}
