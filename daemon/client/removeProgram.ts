import { rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildStatePaths } from '../protocol/discovery.ts';

/**
 * Removes what a daemon runs from: every copy of its program, what Node kept of it, and a socket outside of the state
 * folder with its folder. The journal and everything else that people may want stays.
 */
export function removeProgram(stateFolder: string, socket?: string): void {
  const { programs, compileCache } = buildStatePaths(stateFolder);
  for (const folder of [programs, compileCache]) {
    rmSync(folder, { recursive: true, force: true });
  }
  if (socket !== undefined) {
    rmSync(socket, { force: true });
    removeShortFolder(dirname(socket), stateFolder);
  }
}

/** The folder that was made for the socket where the state folder's path is too long for one. */
function removeShortFolder(folder: string, stateFolder: string): void {
  if (folder === stateFolder) {
    return;
  }
  try {
    rmdirSync(folder);
  } catch {
    // Something else is in it, or it is gone.
  }
}
