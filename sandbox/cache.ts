import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { takeFileLock } from './fileLock.ts';

export type OnProgress = (message: string) => void;

/** How long one process waits for another one's build: 45 minutes, several times what it takes on two cores. */
const buildWaitMs = 45 * 60_000;

/** The folder of what is built once per machine: `SLIPWAY_CACHE`, `$XDG_CACHE_HOME/slipway` or `~/.cache/slipway`. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['SLIPWAY_CACHE'];
  if (own !== undefined && own !== '') {
    return own;
  }
  const base = environment['XDG_CACHE_HOME'];
  return join(base !== undefined && base !== '' ? base : join(homedir(), '.cache'), 'slipway');
}

/**
 * Returns the folder `cache/name`, built by `build(folder)` if it is not there yet.
 *
 * Safe when several processes start at once: one builds, the others wait and use its result. A folder is
 * there whole or not at all: it is built beside its place and renamed. Rejects with what `build` rejects with,
 * or when another process still builds after 45 minutes.
 */
export async function buildOnce(options: {
  cache: string;
  name: string;
  build: (folder: string) => Promise<void>;
  onProgress: OnProgress;
  signal?: AbortSignal | undefined;
}): Promise<string> {
  const { cache, name } = options;
  const place = join(cache, name);
  if (await isFolder(place)) {
    return place;
  }
  const lock = await takeFileLock(join(cache, `${name}.lock`), {
    waitMs: buildWaitMs,
    signal: options.signal,
    onWait: everySoOften(30_000, ownerPid =>
      options.onProgress(
        `Another process (pid ${ownerPid ?? 'unknown'}) is building ${name}; waiting for it`,
      ),
    ),
  });
  if (lock === undefined) {
    throw new Error(
      `Another process is still building ${place} after 45 minutes. See what it does, end it, and start again.`,
    );
  }
  try {
    if (await isFolder(place)) {
      return place;
    }
    await removeUnfinished(cache, name);
    const unfinished = join(cache, `${name}.unfinished-${process.pid}`);
    await mkdir(unfinished, { recursive: true, mode: 0o755 });
    try {
      await options.build(unfinished);
      await rename(unfinished, place);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      throw error;
    }
    return place;
  } finally {
    lock.release();
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

/** Removes what killed builds left; only called under the lock, so nobody is still writing there. */
async function removeUnfinished(cache: string, name: string): Promise<void> {
  for (const entry of await readdir(cache)) {
    if (entry.startsWith(`${name}.unfinished-`)) {
      await rm(join(cache, entry), { recursive: true, force: true });
    }
  }
}

function everySoOften<Argument>(
  ms: number,
  action: (argument: Argument) => void,
): (argument: Argument) => void {
  let last = Number.NEGATIVE_INFINITY;
  return argument => {
    if (performance.now() - last >= ms) {
      last = performance.now();
      action(argument);
    }
  };
}
