import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '../../protocol/errors.ts';
import { buildFindRepositoryRun, type RepositoryPlaces } from '../../tools/git/repositoryRuns.ts';
import { type Git, runGit } from '../../tools/git/runGit.ts';
import { ToolError } from '../../tools/process/toolError.ts';

/** A repository of the user; nothing of ours ever writes below its folders. */
export type Repository = Omit<RepositoryPlaces, 'top'> & {
  /** Twelve hexadecimal digits of the SHA-256 of `folder`. */
  readonly id: string;
  /** The real path of the top of the working tree. */
  readonly folder: string;
};

/** Finds the git repository that holds a folder. Throws SlipwayError noRepository, or toolMissing without git. */
export async function findRepository(git: Git, folder: string): Promise<Repository> {
  let real: string;
  try {
    real = await realpath(folder);
  } catch (error) {
    throw new SlipwayError('noRepository', `The folder ${folder} does not exist.`, { cause: error });
  }
  try {
    const { top, ...places } = await runGit(git, buildFindRepositoryRun(), { folder: real });
    const topFolder = await realpath(top);
    return { id: buildRepositoryId(topFolder), folder: topFolder, ...places };
  } catch (error) {
    throw explain(error, real);
  }
}

/**
 * Tells one `.git` of a working tree from another that came in its place; `undefined` where there is none. What is in it
 * changes nothing.
 */
export async function readGitMark(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino, birthtimeMs } = await stat(join(folder, '.git'));
    return [dev, ino, birthtimeMs].join();
  } catch {
    return undefined;
  }
}

/** Names a repository by the real path of its top folder: twelve hexadecimal digits. */
export function buildRepositoryId(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 12);
}

function explain(error: unknown, folder: string): unknown {
  if (!(error instanceof ToolError) || error.reason !== 'failed') {
    return error;
  }
  if (error.stderrTail.includes('dubious ownership')) {
    return new SlipwayError('noRepository', `git refuses ${folder}, because it belongs to somebody else.`, {
      next: `When you trust its owner, run: git config --global --add safe.directory ${folder}`,
      cause: error,
    });
  }
  const why = error.stderrTail.includes('must be run in a work tree')
    ? 'has no working tree'
    : 'is no git repository';
  return new SlipwayError('noRepository', `${folder} ${why}.`, { cause: error });
}
