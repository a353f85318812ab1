import {
  buildFindTopRun,
  buildListTreeRun,
  buildReadBlobRun,
  buildResolveRun,
  type TreeEntry,
} from '../../tools/git/objectRuns.ts';
import { type Git, runGit } from '../../tools/git/runGit.ts';
import type { ToolRun } from '../../tools/process/toolRun.ts';

/** Slipway's own bare clone of a repository. Below it, refs/local is what the user's has, refs/origin what its origin has. */
export type Clone = { readonly git: Git; readonly folder: string };

/** Where the refs of the two sources live in a clone. */
export const cloneRefs = {
  localHeads: 'refs/local/heads/',
  localTags: 'refs/local/tags/',
  localRemotes: 'refs/local/remotes/',
  originHeads: 'refs/origin/heads/',
  originTags: 'refs/origin/tags/',
} as const;

/** Runs a git command in the clone. */
export async function runInClone<T>(clone: Clone, run: ToolRun<T>, timeoutMs?: number): Promise<T> {
  return runGit(clone.git, run, { folder: clone.folder, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
}

/** Resolves a ref or an id to the full id of its commit; undefined when the clone has none. */
export async function resolveCommit(clone: Clone, revision: string): Promise<string | undefined> {
  return runInClone(clone, buildResolveRun(revision));
}

/** Finds what stands at a path of a commit (`./charts/kosmos` and `charts/kosmos/` are the same; `.` is the top). */
export async function findEntry(clone: Clone, commit: string, path: string): Promise<TreeEntry | undefined> {
  const [entry] = await findEntries(clone, commit, [cleanPath(path)]);
  return entry;
}

/** The ids of what stands at the paths of a commit, by the paths as given; `missing` where nothing does. */
export async function readIds(
  clone: Clone,
  commit: string,
  paths: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const clean = [...new Set(paths.map(cleanPath))];
  const entries = await findEntries(clone, commit, clean);
  const ids = new Map(entries.map(({ path, id }) => [path, id]));
  return Object.fromEntries(paths.map(path => [path, ids.get(cleanPath(path)) ?? 'missing']));
}

/** Reads a file at a commit; undefined when there is no such file. Throws an Error when it is longer than `most` bytes. */
export async function readFileAt(
  clone: Clone,
  { commit, path, most }: { readonly commit: string; readonly path: string; readonly most: number },
): Promise<string | undefined> {
  const entry = await findEntry(clone, commit, path);
  if (entry?.type !== 'blob' || entry.mode === '120000') {
    return undefined;
  }
  if ((entry.size ?? 0) > most) {
    throw new Error(`${path} has ${entry.size} bytes, and at most ${most} are read`);
  }
  return runInClone(clone, buildReadBlobRun(entry.id));
}

/** Finds what stands at clean paths; the top is looked up by itself, since no path of git's means it. */
async function findEntries(
  clone: Clone,
  commit: string,
  paths: readonly string[],
): Promise<readonly TreeEntry[]> {
  const below = paths.filter(path => path !== '');
  // Without a path git lists everything.
  const entries = below.length === 0 ? [] : await runInClone(clone, buildListTreeRun(commit, below));
  return below.length === paths.length
    ? entries
    : [...entries, await runInClone(clone, buildFindTopRun(commit))];
}

/** A path as git writes it: relative to the top, without `./` and a slash at the end; empty for the top itself. */
export function cleanPath(path: string): string {
  return path
    .split('/')
    .filter(step => step !== '' && step !== '.')
    .join('/');
}
