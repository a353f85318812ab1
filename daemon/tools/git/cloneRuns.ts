import type { ToolRun } from '../process/toolRun.ts';
import { buildBareRun, buildGitRun } from './runGit.ts';

/** Makes an empty bare repository in the folder it runs in. */
export function buildInitRun(objectFormat: string): ToolRun<void> {
  const args = ['init', '--bare', '--quiet', '--template=', `--object-format=${objectFormat}`];
  return buildGitRun([...args, '--initial-branch=none', '.'], () => undefined);
}

/** Fetches into the bare repository it runs in; refs that went away at the source go away here. */
export function buildFetchRun(source: string, refspecs: readonly string[]): ToolRun<void> {
  const args = ['fetch', '--quiet', '--prune', '--force', '--no-tags', '--update-shallow'];
  const quiet = ['--no-recurse-submodules', '--no-write-fetch-head', '--no-auto-maintenance'];
  return buildBareRun([...args, ...quiet, '--end-of-options', source, ...refspecs], () => undefined);
}

/** Puts all refs into one file: with thousands of tags a file for each makes every look at them slow. */
export function buildPackRefsRun(): ToolRun<void> {
  return buildBareRun(['pack-refs', '--all'], () => undefined);
}

/** What a remote says about its branches. */
export type RemoteBranches = {
  /** The branch that its HEAD names, where it has a commit. */
  readonly head?: string;
  readonly names: readonly string[];
};

/** Asks a remote for its branches and for the default one. */
export function buildRemoteBranchesRun(source: string): ToolRun<RemoteBranches> {
  return buildBareRun(
    ['ls-remote', '--symref', '--end-of-options', source, 'HEAD', 'refs/heads/*'],
    ({ stdout }) => {
      const names = [...stdout.matchAll(/^[0-9a-f]{40,64}\trefs\/heads\/(.+)$/gm)].map(
        match => match[1] ?? '',
      );
      const head = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(stdout)?.[1];
      return { ...(head !== undefined && names.includes(head) ? { head } : {}), names };
    },
  );
}

/** Where some refs lead, by their full names; those that do not exist are left out. */
export type RefIds = ReadonlyMap<string, string>;

/** Asks a remote, or another repository, where its default branch and the named refs lead; copies nothing. */
export function buildRemoteRefsRun(
  source: string,
  names: readonly string[],
): ToolRun<{ readonly head?: string; readonly ids: RefIds }> {
  return buildBareRun(
    ['ls-remote', '--symref', '--end-of-options', source, 'HEAD', ...names],
    ({ stdout }) => {
      const head = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(stdout)?.[1];
      // A pattern also fits the end of longer names.
      const ids = readRefIds(stdout, names);
      return { ...(head === undefined ? {} : { head }), ids };
    },
  );
}

/** Reads where refs of the bare repository lead that it runs in. */
export function buildReadRefsRun(names: readonly string[]): ToolRun<RefIds> {
  return buildBareRun(['for-each-ref', '--format=%(objectname)%09%(refname)', ...names], ({ stdout }) =>
    readRefIds(stdout, names),
  );
}

function readRefIds(text: string, names: readonly string[]): RefIds {
  return new Map(
    [...text.matchAll(/^([0-9a-f]{40,64})\t(.+)$/gm)].flatMap(([, id = '', name = '']) =>
      names.includes(name) ? [[name, id]] : [],
    ),
  );
}

/** Deletes every ref below a prefix that `names` lists, in the bare repository it runs in. */
export function buildDeleteRefsRun(names: readonly string[]): ToolRun<void> {
  return buildBareRun(['update-ref', '--stdin', '-z'], () => undefined, {
    input: names.map(name => `delete ${name}\0\0`).join(''),
  });
}
