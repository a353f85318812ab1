import { SlipwayError } from '../protocol/errors.ts';
import { protocolVersion } from '../protocol/version.ts';
import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Says who the daemon is; throws `protocolMismatch` when the two ends would misread each other. */
export function handleSessionHello(
  services: Pick<Services, 'identity' | 'journal'>,
): Handler<'session.hello'> {
  return async params => {
    const { identity, journal } = services;
    if (params.protocolVersion !== protocolVersion) {
      throw new SlipwayError(
        'protocolMismatch',
        `The daemon ${identity.version} speaks protocol ${protocolVersion}, ` +
          `${params.client.name} ${params.client.version} speaks ${params.protocolVersion}.`,
        { details: { daemonVersion: identity.version, daemonProtocolVersion: String(protocolVersion) } },
      );
    }
    const { person, ...daemon } = identity;
    return { protocolVersion, daemon, person, head: journal.head().sequence };
  };
}
