import { chmodSync, closeSync, openSync, statSync } from 'node:fs';

/**
 * Makes sure that a file exists and is for its user alone, without opening one that exists: closing it again
 * would drop the locks that SQLite holds on it in this process (POSIX advisory locks).
 */
export function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw error;
    }
    makePrivate(path, 0o600);
  }
}

/** Takes a file's or folder's rights from everybody but its user. */
export function makePrivate(path: string, mode: number): void {
  if ((statSync(path).mode & 0o777) !== mode) {
    chmodSync(path, mode);
  }
}
