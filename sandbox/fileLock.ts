import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';

export interface FileLock {
  /** Gives the lock back; a second call does nothing. */
  release(): void;
}

/**
 * Takes an exclusive lock at `path` (creates `path` and `path.owner`), waiting at most `waitMs`; returns
 * undefined when somebody else still holds it then.
 *
 * The lock is a transaction of SQLite, that is a lock of the operating system: it ends with its process
 * however that process ends, so there is no stale lock to detect and none to steal by mistake.
 */
export async function takeFileLock(
  path: string,
  options: {
    waitMs: number;
    signal?: AbortSignal | undefined;
    onWait?: (ownerPid: number | undefined) => void;
  },
): Promise<FileLock | undefined> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const deadline = performance.now() + options.waitMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const database = lockNow(path);
    if (database !== undefined) {
      await writeFile(ownerFile(path), `${process.pid}\n`);
      return releasable(database);
    }
    if (performance.now() >= deadline) {
      return undefined;
    }
    options.onWait?.(await lockOwner(path));
    await wait(Math.min(500, Math.max(1, deadline - performance.now())));
  }
}

/** The pid that took the lock at `path` last, or undefined when nobody has; only for messages. */
export async function lockOwner(path: string): Promise<number | undefined> {
  const text = await readFile(ownerFile(path), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) ? pid : undefined;
}

function ownerFile(path: string): string {
  return `${path}.owner`;
}

function lockNow(path: string): DatabaseSync | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && /database is locked/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}

function releasable(database: DatabaseSync): FileLock {
  let held = true;
  return {
    release() {
      if (held) {
        held = false;
        database.close();
      }
    },
  };
}
