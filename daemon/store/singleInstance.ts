import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createPrivateFile } from './embedded/createPrivateFile.ts';
import { withStoreErrors } from './embedded/storeError.ts';

/** The right to be the one daemon of a state folder, held until disposed or until the process dies. */
export type SingleInstance = { dispose(): void };

/**
 * Takes the right to be the one daemon of a folder; `undefined`, at once, when another process has it.
 * The operating system gives it back when the process dies, however it dies. Throws SlipwayError `storeFailed`.
 *
 * Nothing in this process may open and close `daemon.lock` by itself: that would drop the lock (POSIX advisory locks).
 */
export function acquireSingleInstance(folder: string): SingleInstance | undefined {
  const path = join(folder, 'daemon.lock');
  return withStoreErrors(path, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    createPrivateFile(path);
    const connection = new DatabaseSync(path, { timeout: 0 });
    try {
      // In memory: no journal file is left behind by a process that is killed.
      connection.exec('PRAGMA journal_mode = MEMORY');
      // IMMEDIATE, not EXCLUSIVE: of many who ask for EXCLUSIVE at once, each can block the other and none win.
      connection.exec('BEGIN IMMEDIATE');
      return { dispose: () => connection.close() };
    } catch (error) {
      connection.close();
      if (isBusy(error)) {
        return undefined;
      }
      throw error;
    }
  });
}

/** SQLite's SQLITE_BUSY in the low byte of the extended code. */
function isBusy(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 0xff) === 5
  );
}
