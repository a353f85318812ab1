import { spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, ftruncateSync, openSync } from 'node:fs';
import type { SpawnedDaemon, SpawnRequest } from '../../daemon/client/startDaemon.ts';
import { buildStatePaths } from '../../daemon/protocol/discovery.ts';

/** The size in bytes at which the file for standard error is begun anew. */
const longestErrorFile = 256 * 1024;

/**
 * V8 would let the space of young objects grow to 48 MB and keep it: 15 MB more at rest, for nothing gained here. With
 * code for speed it takes 6 MB more at rest and 50 MB more with a million lines, and is faster by 1 % of a promotion.
 */
const memoryFlags = ['--max-semi-space-size=2', '--optimize-for-size'];

/** Starts the daemon's program with this editor's own Node, detached: it outlives the window. */
export function spawnDaemon({ program, cwd, env, errorFile }: SpawnRequest): SpawnedDaemon {
  const stderr = openErrorFile(errorFile);
  try {
    const child = spawn(process.execPath, [...memoryFlags, program], {
      cwd,
      env: {
        ...env,
        ELECTRON_RUN_AS_NODE: '1',
        // Compiling the program is half of its start; the cache is checked against the program's content.
        NODE_COMPILE_CACHE: buildStatePaths(cwd).compileCache,
        // glibc gives each thread a heap of its own and keeps what was freed in it: 15 MB more at rest.
        MALLOC_ARENA_MAX: '2',
        // It would also keep the large pieces in which logs are read, once a few of them have been freed.
        MALLOC_MMAP_THRESHOLD_: '65536',
      },
      detached: true,
      stdio: ['ignore', 'pipe', stderr],
    });
    const ended = new Promise<string>(resolve => {
      child.once('error', error => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `exit code ${code}`));
    });
    const { stdout } = child;
    if (!stdout) {
      throw new Error('a piped standard output is missing');
    }
    return {
      stdout,
      ended,
      release: () => {
        stdout.destroy();
        child.unref();
      },
    };
  } finally {
    closeSync(stderr);
  }
}

/**
 * The environment of a daemon: this process's, without what belongs to this window alone (debuggers, the editor's
 * own sockets), since the daemon serves every window and outlives this one.
 */
export function buildDaemonEnv(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_CHANNEL_FD$|NODE_COMPILE_CACHE$)/.test(entry[0]),
  );
  return Object.fromEntries(kept);
}

function openErrorFile(path: string): number {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  const descriptor = openSync(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600);
  if (fstatSync(descriptor).size > longestErrorFile) {
    ftruncateSync(descriptor);
  }
  return descriptor;
}
