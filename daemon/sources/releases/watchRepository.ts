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
  return new Watch(repository, onChanged, speed);
}

class Watch implements RepositoryWatch {
  readonly ready: Promise<void>;
  readonly #repository: Repository;
  readonly #onChanged: (change: RepositoryChange) => void;
  readonly #speed: WatchSpeed;
  readonly #watchers = new Map<string, FSWatcher>();
  #last: Marks | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  /** True where something was noticed during a look. */
  #again = false;
  #disposed = false;

  constructor(repository: Repository, onChanged: (change: RepositoryChange) => void, speed: WatchSpeed) {
    this.#repository = repository;
    this.#onChanged = onChanged;
    this.#speed = speed;
    // The second look finds what changed between reading the first marks and the first notice.
    this.ready = this.#look().then(() => this.#look());
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) {
      watcher.close();
    }
    this.#watchers.clear();
  }

  async #look(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = true;
    const begin = performance.now();
    try {
      const { marks, folders } = await readMarks(this.#repository);
      if (!this.#disposed) {
        this.#follow(folders);
        this.#tell(marks);
      }
    } finally {
      this.#looking = false;
      // Thousands of loose refs take long to look at: never more than a twentieth of the time.
      const rest = 20 * (performance.now() - begin);
      this.#schedule(this.#again ? this.#speed.debounceMs : Math.max(this.#speed.pollMs, rest));
      this.#again = false;
    }
  }

  #tell(marks: Marks): void {
    const last = this.#last;
    this.#last = marks;
    const change = {
      procedure: last !== undefined && last.procedure !== marks.procedure,
      refs: last !== undefined && last.refs !== marks.refs,
    };
    if (change.procedure || change.refs) {
      this.#onChanged(change);
    }
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    if (!this.#disposed) {
      this.#timer = setTimeout(() => void this.#look(), delay);
      this.#timer.unref();
    }
  }

  #notice(): void {
    if (this.#looking) {
      this.#again = true;
    } else {
      this.#schedule(this.#speed.debounceMs);
    }
  }

  #follow(folders: readonly string[]): void {
    const wanted = new Set(folders);
    for (const folder of this.#watchers.keys()) {
      if (!wanted.has(folder)) {
        this.#leave(folder);
      }
    }
    for (const folder of folders.slice(0, mostWatchers)) {
      const watcher = this.#watchers.has(folder)
        ? undefined
        : tryWatch(folder, this.#repository, () => this.#notice());
      if (watcher) {
        this.#watchers.set(folder, watcher);
        watcher.on('error', () => this.#leave(folder));
      }
    }
  }

  #leave(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
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
