import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { SlipwayError } from '../errors.ts';

/**
 * Makes a folder that only this user can enter (0700), with its parents.
 * Throws SlipwayError `stateFolderRefused` for a symbolic link, something else than a folder, or another owner.
 */
export function preparePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (found.isSymbolicLink()) {
    throw buildRefusal(folder, 'it is a symbolic link');
  }
  if (!found.isDirectory()) {
    throw buildRefusal(folder, 'it is no folder');
  }
  if (found.uid !== process.getuid?.()) {
    throw buildRefusal(folder, `it belongs to user ${found.uid}`);
  }
  if ((found.mode & 0o777) !== 0o700) {
    chmodSync(folder, 0o700);
  }
}

function buildRefusal(folder: string, reason: string): SlipwayError {
  return new SlipwayError('stateFolderRefused', `Slipway does not use ${folder}: ${reason}.`, {
    details: { path: folder },
  });
}
