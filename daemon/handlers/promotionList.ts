import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Lists promotions, newest first. */
export function handlePromotionList({ promotions }: Services): Handler<'promotion.list'> {
  return async params => ({ promotions: [...promotions.list(params)] });
}
