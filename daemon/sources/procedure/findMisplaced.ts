import { access } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { buildListFilesRun } from '../../tools/git/repositoryRuns.ts';
import { type Git, runGit } from '../../tools/git/runGit.ts';
import type { Repository } from '../releases/findRepository.ts';

/** A file that was meant as the procedure and that Slipway does not read. */
export type Misplaced = {
  /** Relative to the top of the repository. */
  readonly path: string;
  /** What is wrong: its name, at the root, or the folder it is in. */
  readonly kind: 'name' | 'folder';
};

/** A tree whose new files git cannot list sooner is not worth the wait. */
const lookMs = 5000;

/**
 * Finds a `slipway.yml`, or a `slipway.yaml` in a folder, from git's list of the working tree's files: first at the
 * root, then the nearest to it. `undefined` when there is none, or git cannot say soon.
 */
export async function findMisplaced(
  git: Git,
  { folder }: Pick<Repository, 'folder'>,
): Promise<Misplaced | undefined> {
  const run = buildListFilesRun([':(glob,icase)**/slipway.yaml', ':(glob,icase)**/slipway.yml'], {
    skip: ['node_modules/'],
  });
  const listed = await runGit(git, run, { folder, timeoutMs: lookMs }).catch(() => []);
  const nearest = listed
    .filter(path => !path.split('/').includes('node_modules'))
    .map(path => ({ path, depth: path.split('/').length }))
    .sort((left, right) => left.depth - right.depth || left.path.localeCompare(right.path));
  for (const { path } of nearest.slice(0, 20)) {
    // What git still has in its index may be gone from the tree.
    if (await isThere(join(folder, path))) {
      return { path, kind: posix.dirname(path) === '.' ? 'name' : 'folder' };
    }
  }
  return undefined;
}

/** Says where it was found and what to do, for a request that needs the procedure. */
export function explainMisplaced({ path, kind }: Misplaced): {
  readonly message: string;
  readonly next: string;
} {
  return {
    message: `There is no slipway.yaml at the root of this repository; there is ${path}, which Slipway does not read.`,
    next:
      kind === 'name'
        ? `Rename ${path} to slipway.yaml.`
        : `Move ${path} to the root of the repository, as slipway.yaml; its paths count from there.`,
  };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
