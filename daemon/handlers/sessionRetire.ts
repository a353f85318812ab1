import { compareVersions } from '../protocol/version.ts';
import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Makes way for a daemon that is not older, unless a promotion runs. */
export function handleSessionRetire(
  services: Pick<Services, 'identity' | 'lifecycle'>,
): Handler<'session.retire'> {
  return async ({ version }) => {
    const { identity, lifecycle } = services;
    if (compareVersions(version, identity.version) < 0) {
      return {
        retiring: false,
        reason: `This daemon is ${identity.version}; an older one (${version}) does not take its place.`,
      };
    }
    const running = lifecycle.runningPromotions();
    if (running.length > 0) {
      return { retiring: false, reason: `A promotion is running: ${running.join('; ')}` };
    }
    lifecycle.retire();
    return { retiring: true, reason: `The daemon ${identity.version} makes way for ${version}.` };
  };
}
