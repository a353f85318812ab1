import { createHash } from 'node:crypto';
import { lstatSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildStatePaths } from '../protocol/discovery.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { preparePrivateFolder } from '../protocol/transport/privateFolder.ts';

/** Linux takes 107 bytes, macOS 103. */
const longestPath = 100;

/**
 * Where the socket goes: the state folder, or a short private folder under the temporary one when its path would
 * be too long for the system. Removes the socket that a dead daemon left; only the single instance may call it.
 */
export function prepareSocketPath(stateFolder: string, temporaryFolder = tmpdir()): string {
  const path = chooseSocketPath(stateFolder, temporaryFolder);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found && !found.isSocket()) {
    throw new SlipwayError('stateFolderRefused', `Slipway does not listen at ${path}: it is no socket.`, {
      details: { path },
    });
  }
  rmSync(path, { force: true });
  return path;
}

function chooseSocketPath(stateFolder: string, temporaryFolder: string): string {
  const usual = buildStatePaths(stateFolder).socket;
  if (Buffer.byteLength(usual) <= longestPath) {
    return usual;
  }
  const name = `slipway-${createHash('sha256').update(stateFolder).digest('hex').slice(0, 12)}`;
  for (const parent of [temporaryFolder, '/tmp']) {
    const path = join(parent, name, 'daemon.sock');
    if (Buffer.byteLength(path) <= longestPath) {
      preparePrivateFolder(join(parent, name));
      return path;
    }
  }
  throw new SlipwayError('stateFolderRefused', `The path ${usual} is too long for a socket.`, {
    next: 'Set SLIPWAY_HOME to a shorter path.',
    details: { path: usual },
  });
}
