import { findDaemon } from '../../daemon/client/findDaemon.ts';

/** The token that opens the door of the running daemon, for what must not hold it; `undefined` where none runs. */
export function findDaemonToken(stateFolder: string): string | undefined {
  const lookup = findDaemon(stateFolder);
  return lookup.state === 'found' ? lookup.discovery.token : undefined;
}
