import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { buildStatePaths, type Discovery, discoverySchema } from '../protocol/discovery.ts';

/** What the state folder says about a running daemon. */
export type DaemonLookup =
  | { readonly state: 'found'; readonly discovery: Discovery }
  /** `reason` is one sentence: no file, a dead process, or a file that is not believed. */
  | { readonly state: 'absent'; readonly reason: string };

/** Reads the discovery file; believes it only when it is this user's alone and its process lives. */
export function findDaemon(stateFolder: string): DaemonLookup {
  const path = buildStatePaths(stateFolder).discovery;
  try {
    const found = discoverySchema.safeParse(JSON.parse(readPrivateFile(path)));
    if (!found.success) {
      return { state: 'absent', reason: `${path} does not hold what a daemon writes.` };
    }
    return isAlive(found.data.pid)
      ? { state: 'found', discovery: found.data }
      : { state: 'absent', reason: `The daemon of ${path} (process ${found.data.pid}) is gone.` };
  } catch (error) {
    return { state: 'absent', reason: buildReason(path, error) };
  }
}

/** True while a process of this user has this id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // EPERM is no life sign either: it is another user's process, and a daemon of ours would let us.
    return false;
  }
}

function readPrivateFile(path: string): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { mode, uid } = fstatSync(descriptor);
    if (uid !== process.getuid?.() || (mode & 0o077) !== 0) {
      throw new Error(`${path} can be read or was written by others`);
    }
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

function buildReason(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') {
    return 'No daemon has written its discovery file.';
  }
  if (code === 'ELOOP') {
    return `${path} is a symbolic link and is not believed.`;
  }
  if (error instanceof SyntaxError) {
    return `${path} does not hold what a daemon writes.`;
  }
  return `${path} is not believed: ${error instanceof Error ? error.message : String(error)}.`;
}
