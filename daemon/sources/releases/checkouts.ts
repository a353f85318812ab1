import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildIsAlteredRun,
  buildReadTreeRun,
  buildWriteFilesRun,
  type CheckoutPlace,
} from '../../tools/git/checkoutRuns.ts';
import { runGit } from '../../tools/git/runGit.ts';
import type { Clone } from './clone.ts';

/** The files of a commit, laid out to be read; nobody may change them. */
export type Checkout = { readonly folder: string; dispose(): void };

/**
 * The files of releases below the state folder, `<repository>/<commit>`, written from the clone's bytes. A commit is
 * written once and used again, after a look whether it is still what was written; old ones are removed by age.
 */
export class Checkouts {
  readonly #folder: string;
  readonly #inUse = new Map<string, number>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(options: { readonly folder: string }) {
    this.#folder = options.folder;
  }

  /** Lays out a commit by its full id; dispose when its files are no longer read. */
  async checkout(clone: Clone, repositoryId: string, commit: string): Promise<Checkout> {
    const root = join(this.#folder, repositoryId, commit);
    this.#count(root, 1);
    try {
      await this.#prepareOnce(clone, root, commit);
    } catch (error) {
      this.#count(root, -1);
      throw error;
    }
    let disposed = false;
    const dispose = () => {
      if (!disposed) {
        disposed = true;
        this.#count(root, -1);
      }
    };
    return { folder: join(root, 'tree'), dispose };
  }

  /** Removes what nobody uses and nobody has used for `maxAgeMs`; answers how many. */
  async clean(options: { readonly now: Date; readonly maxAgeMs: number }): Promise<number> {
    let removed = 0;
    for (const repository of await list(this.#folder)) {
      for (const commit of await list(join(this.#folder, repository))) {
        const root = join(this.#folder, repository, commit);
        const used = (await stat(root).catch(() => undefined))?.mtimeMs ?? options.now.getTime();
        if (!this.#inUse.has(root) && options.now.getTime() - used > options.maxAgeMs) {
          await rm(root, { recursive: true, force: true });
          removed += 1;
        }
      }
    }
    return removed;
  }

  #count(root: string, by: number): void {
    const users = (this.#inUse.get(root) ?? 0) + by;
    if (users > 0) {
      this.#inUse.set(root, users);
    } else {
      this.#inUse.delete(root);
    }
  }

  async #prepareOnce(clone: Clone, root: string, commit: string): Promise<void> {
    const running = this.#running.get(root) ?? this.#prepare(clone, root, commit);
    this.#running.set(root, running);
    try {
      await running;
    } finally {
      this.#running.delete(root);
    }
  }

  async #prepare(clone: Clone, root: string, commit: string): Promise<void> {
    if (!(await isIntact(clone, root))) {
      // A second user of an altered tree would lose it in mid-use: it is moved aside, not emptied.
      const aside = `${root}.${randomUUID()}.old`;
      await rename(root, aside).catch(() => undefined);
      await rm(aside, { recursive: true, force: true });
      await write(clone, root, commit);
    }
    const now = new Date();
    await utimes(root, now, now);
  }
}

async function write(clone: Clone, root: string, commit: string): Promise<void> {
  const fresh = `${root}.${randomUUID()}.new`;
  const place = buildPlace(clone, fresh);
  try {
    await mkdir(place.tree, { recursive: true, mode: 0o700 });
    await runGit(clone.git, buildReadTreeRun(place, commit), { folder: place.tree });
    await runGit(clone.git, buildWriteFilesRun(place), { folder: place.tree, timeoutMs: 300_000 });
    await rename(fresh, root);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function isIntact(clone: Clone, root: string): Promise<boolean> {
  const place = buildPlace(clone, root);
  const written = await access(place.index).then(
    () => true,
    () => false,
  );
  if (!written) {
    return false;
  }
  try {
    return !(await runGit(clone.git, buildIsAlteredRun(place), { folder: place.tree }));
  } catch {
    return false;
  }
}

function buildPlace(clone: Clone, root: string): CheckoutPlace {
  return { gitFolder: clone.folder, tree: join(root, 'tree'), index: join(root, 'index') };
}

async function list(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
