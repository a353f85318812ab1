import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { type Discovery, discoverySchema } from '../protocol/discovery.ts';
import { SlipwayError } from '../protocol/errors.ts';

/**
 * Writes the discovery file (0600) in one step: readers see the old one or the new one, whole.
 * Throws SlipwayError `stateFolderRefused` when something else than a plain file stands in its place.
 */
export function writeDiscoveryFile(path: string, discovery: Discovery): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found && !found.isFile()) {
    throw new SlipwayError(
      'stateFolderRefused',
      `Slipway does not write ${path}: ${found.isSymbolicLink() ? 'it is a symbolic link' : 'it is no file'}.`,
      { details: { path } },
    );
  }
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(descriptor, JSON.stringify(discovery));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
}

/** Removes the discovery file when it is still this daemon's own. */
export function removeDiscoveryFile(path: string, token: string): void {
  try {
    const found = discoverySchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (found.success && found.data.token === token) {
      rmSync(path, { force: true });
    }
  } catch {
    // It is gone already, or not ours.
  }
}
