import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from './findRepository.ts';

/** What has changed in a repository. */
export type RepositoryChange = {
  /** The working tree's slipway.yaml. */
  readonly procedure: boolean;
  /** HEAD, a branch, a tag or a remote. */
  readonly refs: boolean;
};

/** A watch over a repository. */
export type RepositoryWatch = {
  /** Resolves when changes from now on are noticed. */
  readonly ready: Promise<void>;
  dispose(): void;
};

/** How fast a watch is, in milliseconds. */
export type WatchSpeed = { readonly debounceMs: number; readonly pollMs: number };

const usualSpeed: WatchSpeed = { debounceMs: 100, pollMs: 5000 };

/**
 * Notices a change of slipway.yaml in the working tree, of HEAD, and of refs. The system's notices only say when to
 * look; what counts is a comparison of what is there, and a slow look in between finds what no notice told.
 */
export function watchRepository(
  repository: Repository,
  onChanged: (change: RepositoryChange) => void,
  speed: WatchSpeed = usualSpeed,
): RepositoryWatch {
  const watchers = new Map<string, FSWatcher>();
  let last: Marks | undefined;
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let again = false;
  let disposed = false;

  async function look(): Promise<void> {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    const begin = performance.now();
    try {
      const { marks, folders } = await readMarks(repository);
      if (disposed) {
        return;
      }
      follow(folders);
      const change = {
        procedure: last !== undefined && last.procedure !== marks.procedure,
        refs: last !== undefined && last.refs !== marks.refs,
      };
      last = marks;
      if (change.procedure || change.refs) {
        onChanged(change);
      }
    } finally {
      looking = false;
      // Thousands of loose refs take long to look at: never more than a twentieth of the time.
      const rest = 20 * (performance.now() - begin);
      schedule(again ? speed.debounceMs : Math.max(speed.pollMs, rest));
      again = false;
    }
  }

  function schedule(delay: number): void {
    clearTimeout(timer);
    if (!disposed) {
      timer = setTimeout(() => void look(), delay);
      timer.unref();
    }
  }

  function noticed(): void {
    if (looking) {
      again = true;
    } else {
      schedule(speed.debounceMs);
    }
  }

  function follow(folders: readonly string[]): void {
    const wanted = new Set(folders);
    for (const [folder, watcher] of watchers) {
      if (!wanted.has(folder)) {
        watcher.close();
        watchers.delete(folder);
      }
    }
    for (const folder of folders.slice(0, mostWatchers)) {
      if (!watchers.has(folder)) {
        const watcher = tryWatch(folder, repository, noticed);
        if (watcher) {
          watchers.set(folder, watcher);
          watcher.on('error', () => {
            watcher.close();
            watchers.delete(folder);
          });
        }
      }
    }
  }

  // The second look finds what changed between reading the first marks and the first notice.
  const ready = look().then(look);
  return {
    ready,
    dispose: () => {
      disposed = true;
      clearTimeout(timer);
      for (const watcher of watchers.values()) {
        watcher.close();
      }
      watchers.clear();
    },
  };
}

// The system has few watches for each user; the slow look covers the rest.
const mostWatchers = 64;

function tryWatch(folder: string, repository: Repository, noticed: () => void): FSWatcher | undefined {
  try {
    return watch(folder, { persistent: false }, (_, name) => {
      // The top folder sees every file come and go; only one of them matters.
      if (folder !== repository.folder || name === null || name === 'slipway.yaml' || name === '.git') {
        noticed();
      }
    });
  } catch {
    return undefined;
  }
}

type Marks = { readonly procedure: string; readonly refs: string };

/** Reads what the files look like now, and which folders to watch. */
async function readMarks(
  repository: Repository,
): Promise<{ readonly marks: Marks; readonly folders: readonly string[] }> {
  const { folder, gitFolder, commonFolder } = repository;
  const refs = await readFolders(join(commonFolder, 'refs'), 0);
  const reftable = await readFolders(join(commonFolder, 'reftable'), 0);
  const single = [join(gitFolder, 'HEAD'), join(commonFolder, 'packed-refs'), join(commonFolder, 'config')];
  const digest = createHash('sha256');
  for (const file of [...single, ...refs.files, ...reftable.files]) {
    digest.update(`${file}\0${await readMark(file)}\0`);
  }
  return {
    marks: { procedure: await readMark(join(folder, 'slipway.yaml')), refs: digest.digest('hex') },
    folders: [...new Set([folder, gitFolder, commonFolder, ...reftable.folders, ...refs.folders])],
  };
}

type Found = { readonly files: readonly string[]; readonly folders: readonly string[] };

async function readFolders(folder: string, depth: number): Promise<Found> {
  // Branches may be called a/b/c; nobody nests them ten deep.
  if (depth > 10) {
    return { files: [], folders: [] };
  }
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries) {
    return { files: [], folders: [] };
  }
  const inside = await Promise.all(
    entries
      .filter(entry => entry.isDirectory())
      .map(entry => readFolders(join(folder, entry.name), depth + 1)),
  );
  const files = entries
    .filter(entry => !entry.isDirectory() && !entry.name.endsWith('.lock'))
    .map(entry => join(folder, entry.name));
  return {
    files: [...files, ...inside.flatMap(found => found.files)].toSorted(),
    folders: [folder, ...inside.flatMap(found => found.folders)],
  };
}

async function readMark(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found ? `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}` : 'none';
}
