import type { Discovery } from '../protocol/discovery.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { compareVersions, protocolVersion } from '../protocol/version.ts';
import { type ClientIdentity, connectDaemon, type GreetedClient, retireDaemon } from './connectDaemon.ts';
import { findDaemon } from './findDaemon.ts';

/** What reaching needs. */
export type ReachOptions = {
  readonly stateFolder: string;
  readonly identity: ClientIdentity;
  /** Starts a daemon of this client's own version, or resolves to the one that won a race. */
  readonly start: () => Promise<Discovery>;
  /** Called when an older daemon goes on, since a promotion runs. */
  readonly onKeptOlder?: (reason: string) => void;
};

/** What a client does with a daemon of another version. */
export type HandshakeDecision = 'use' | 'replace' | 'incompatible';

/** The newest wins: an older daemon is replaced, a newer one is used where both speak the same protocol. */
export function decideHandshake(
  own: { readonly version: string; readonly protocolVersion: number },
  daemon: { readonly version: string; readonly protocolVersion: number },
): HandshakeDecision {
  if (compareVersions(daemon.version, own.version) < 0) {
    return 'replace';
  }
  return daemon.protocolVersion === own.protocolVersion ? 'use' : 'incompatible';
}

/**
 * Connects to the daemon of this machine: finds it, makes an older one give way unless a promotion runs, or
 * starts one. Throws SlipwayError `protocolMismatch`, `disconnected`, or what `start` throws.
 */
export async function reachDaemon(options: ReachOptions): Promise<GreetedClient> {
  const lookup = findDaemon(options.stateFolder);
  if (lookup.state === 'found') {
    const reached = await tryDaemon(options, lookup.discovery);
    if (reached) {
      return reached;
    }
  }
  const discovery = await options.start();
  const reached = await tryDaemon(options, discovery);
  if (!reached) {
    throw new SlipwayError('disconnected', `The daemon (process ${discovery.pid}) went away again.`);
  }
  return reached;
}

/** Resolves to `undefined` when nobody answers there, or when the daemon made way. */
async function tryDaemon(options: ReachOptions, discovery: Discovery): Promise<GreetedClient | undefined> {
  const own = { version: options.identity.version, protocolVersion };
  try {
    switch (decideHandshake(own, discovery)) {
      case 'use':
        return await connectDaemon(discovery, options.identity);
      case 'incompatible':
        throw buildIncompatible(options, discovery, 'it is newer');
      case 'replace':
        return await replaceDaemon(options, discovery);
    }
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'disconnected') {
      return undefined;
    }
    throw error;
  }
}

async function replaceDaemon(
  options: ReachOptions,
  discovery: Discovery,
): Promise<GreetedClient | undefined> {
  const answer = await retireDaemon(discovery, options.identity.version);
  if (answer.retiring) {
    return undefined;
  }
  if (discovery.protocolVersion !== protocolVersion) {
    throw buildIncompatible(options, discovery, answer.reason);
  }
  options.onKeptOlder?.(answer.reason);
  return connectDaemon(discovery, options.identity);
}

function buildIncompatible({ identity }: ReachOptions, discovery: Discovery, reason: string): SlipwayError {
  return new SlipwayError(
    'protocolMismatch',
    `The running daemon is ${discovery.version} (protocol ${discovery.protocolVersion}), ` +
      `this is ${identity.version} (protocol ${protocolVersion}); ${reason}`,
    { details: { daemonVersion: discovery.version, version: identity.version } },
  );
}
