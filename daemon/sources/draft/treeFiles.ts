import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { buildListFilesRun } from '../../tools/git/repositoryRuns.ts';
import { type Git, runGit } from '../../tools/git/runGit.ts';

/** The files of a working tree that a procedure can be written from. */
export type TreeFiles = {
  /** The top of the working tree. */
  readonly folder: string;
  /** Paths relative to it. */
  readonly list: readonly string[];
  /** A file's text; undefined for a link, for what is too long, and for what is gone. */
  read(path: string): Promise<string | undefined>;
};

/** Lists the files of a working tree by their kinds; what git ignores is left out. */
export async function openTreeFiles(git: Git, folder: string, signal: AbortSignal): Promise<TreeFiles> {
  const list = await runGit(git, buildListFilesRun(kinds), { folder, signal });
  return { folder, list, read: path => readText(join(folder, path)) };
}

/** True for a path below one of the folders, each with a slash at its end. */
export function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some(folder => path.startsWith(folder));
}

const kinds = ['*.yaml', '*.yml', '*.tpl', '*.sql', '*.conf', '*.toml', '*.md', '*.adoc', '*.rst', '*.txt'];
const longest = 500_000;

async function readText(path: string): Promise<string | undefined> {
  try {
    // A link could lead out of the repository.
    const { size } = await lstat(path).then(stat => (stat.isFile() ? stat : { size: longest + 1 }));
    if (size > longest) {
      return undefined;
    }
    const file = await open(path);
    try {
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
