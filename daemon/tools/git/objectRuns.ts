import type { ToolRun } from '../process/toolRun.ts';
import { buildBareRun } from './runGit.ts';

/** Resolves a revision to the full id of its commit; undefined when there is none. */
export function buildResolveRun(revision: string): ToolRun<string | undefined> {
  return buildBareRun(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
    ({ stdout, exitCode }) => (exitCode === 0 ? stdout.trim() : undefined),
    { answers: [0, 1, 128] },
  );
}

/** An entry of a tree at a commit. */
export type TreeEntry = {
  /** `040000` a folder, `100644` and `100755` files, `120000` a link, `160000` a submodule. */
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly id: string;
  /** In bytes; absent for folders. */
  readonly size?: number;
  readonly path: string;
};

/** Lists what stands at the paths of a commit, as they are; `deep` lists everything below them, or below the top. */
export function buildListTreeRun(
  commit: string,
  paths: readonly string[],
  depth: 'self' | 'deep' = 'self',
): ToolRun<readonly TreeEntry[]> {
  const args = ['--literal-pathspecs', 'ls-tree', '-z', '-l', '--full-tree'];
  return buildBareRun(
    [...args, ...(depth === 'deep' ? ['-r'] : []), '--end-of-options', commit, ...paths],
    ({ stdout }) => stdout.split('\0').slice(0, -1).map(parseTreeEntry),
  );
}

/** Finds the top of a commit as an entry: its folder has no path that git could list. */
export function buildFindTopRun(commit: string): ToolRun<TreeEntry> {
  return buildBareRun(['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`], ({ stdout }) => ({
    mode: '040000',
    type: 'tree',
    id: stdout.trim(),
    path: '',
  }));
}

function parseTreeEntry(line: string): TreeEntry {
  const match = /^(\d{6}) (blob|tree|commit) ([0-9a-f]{40,64}) +(-|\d+)\t(.+)$/s.exec(line);
  const [, mode, type, id, size, path] = match ?? [];
  if (!mode || !type || !id || !path) {
    throw new Error(`git ls-tree printed ${JSON.stringify(line)}`);
  }
  return { mode, type: type as TreeEntry['type'], id, path, ...(size === '-' ? {} : { size: Number(size) }) };
}

/** Reads a file's content by its id, as UTF-8. */
export function buildReadBlobRun(id: string): ToolRun<string> {
  return buildBareRun(['cat-file', 'blob', id], ({ stdout }) => stdout);
}
