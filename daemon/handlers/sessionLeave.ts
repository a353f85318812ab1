import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Ends the daemon as soon as nobody needs it, with its program: Slipway was uninstalled. */
export function handleSessionLeave({ lifecycle }: Pick<Services, 'lifecycle'>): Handler<'session.leave'> {
  return async () => {
    lifecycle.leave();
    return { waitsFor: [...lifecycle.runningPromotions()] };
  };
}
