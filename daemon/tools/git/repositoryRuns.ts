import type { ToolRun } from '../process/toolRun.ts';
import { buildGitRun } from './runGit.ts';

/** Where a repository lives, as git says it. */
export type RepositoryPlaces = {
  /** The top of the working tree. */
  readonly top: string;
  /** The `.git` of this working tree. */
  readonly gitFolder: string;
  /** The `.git` that linked working trees share. */
  readonly commonFolder: string;
  /** True when the history before some commits is not there. */
  readonly shallow: boolean;
  /** `sha1` or `sha256`. */
  readonly objectFormat: string;
};

/** Finds the repository that holds the folder it runs in. */
export function buildFindRepositoryRun(): ToolRun<RepositoryPlaces> {
  const questions = ['--show-toplevel', '--absolute-git-dir', '--git-common-dir'];
  const args = [
    'rev-parse',
    '--path-format=absolute',
    ...questions,
    '--is-shallow-repository',
    '--show-object-format',
  ];
  return buildGitRun(args, ({ stdout }) => {
    const lines = stdout.split('\n').slice(0, -1);
    const [top, gitFolder, commonFolder, shallow, objectFormat] = lines;
    if (lines.length !== 5 || !top || !gitFolder || !commonFolder || !objectFormat) {
      throw new Error('git rev-parse did not print five lines (a line break in the path?)');
    }
    return { top, gitFolder, commonFolder, shallow: shallow === 'true', objectFormat };
  });
}

/** What a working tree stands on. */
export type TreeStatus = {
  readonly branch?: string;
  /** Absent before the first commit. */
  readonly commit?: string;
  readonly detached: boolean;
  /** How many files differ from the commit or are unknown to it. */
  readonly changes: number;
};

/** Reads a working tree's branch, commit and changes without writing its index. */
export function buildStatusRun(): ToolRun<TreeStatus> {
  const args = ['status', '--porcelain=v2', '--branch', '-z', '--no-renames'];
  return buildGitRun([...args, '--untracked-files=normal', '--ignore-submodules=dirty'], ({ stdout }) => {
    const entries = stdout.split('\0').slice(0, -1);
    const header = (name: string) =>
      entries.find(entry => entry.startsWith(`# ${name} `))?.slice(name.length + 3);
    const [commit, branch] = [header('branch.oid'), header('branch.head')];
    const detached = branch === '(detached)';
    return {
      ...(commit === undefined || commit === '(initial)' ? {} : { commit }),
      ...(branch === undefined || detached ? {} : { branch }),
      detached,
      changes: entries.filter(entry => !entry.startsWith('# ')).length,
    };
  });
}

/** Lists the names of a repository's remotes. */
export function buildListRemotesRun(): ToolRun<readonly string[]> {
  return buildGitRun(['remote'], ({ stdout }) => stdout.split('\n').filter(line => line !== ''));
}

/** Reads a remote's address as git would use it (after `insteadOf`). */
export function buildRemoteAddressRun(remote: string): ToolRun<string> {
  return buildGitRun(['remote', 'get-url', '--', remote], ({ stdout }) => stdout.trimEnd());
}

/** Reads a setting of a repository; undefined when it is not set. */
export function buildReadSettingRun(name: string): ToolRun<string | undefined> {
  return buildGitRun(
    ['config', '--get', name],
    ({ stdout, exitCode }) => (exitCode === 0 ? stdout.trimEnd() : undefined),
    { answers: [0, 1] },
  );
}

/**
 * Lists the files of the working tree that match a pathspec, tracked or new, never what git ignores; new files are not
 * looked for below what `skip` names, as a `.gitignore` would.
 */
export function buildListFilesRun(
  pathspecs: readonly string[],
  { skip = [] }: { readonly skip?: readonly string[] } = {},
): ToolRun<readonly string[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const skipped = skip.map(pattern => `--exclude=${pattern}`);
  return buildGitRun([...args, ...skipped, '--', ...pathspecs], ({ stdout }) =>
    stdout.split('\0').slice(0, -1),
  );
}

/** Lists the names of all tags, newest first. */
export function buildListTagNamesRun(): ToolRun<readonly string[]> {
  return buildGitRun(
    ['for-each-ref', '--sort=-creatordate', '--format=%(refname:lstrip=2)', 'refs/tags'],
    ({ stdout }) => stdout.split('\n').filter(line => line !== ''),
  );
}

/** Reads which branch a remote called its default when it was last asked; undefined when nobody noted it. */
export function buildRemoteHeadRun(remote: string): ToolRun<string | undefined> {
  return buildGitRun(
    ['symbolic-ref', '--quiet', '--short', `refs/remotes/${remote}/HEAD`],
    ({ stdout, exitCode }) => (exitCode === 0 ? stdout.trim().slice(remote.length + 1) : undefined),
    { answers: [0, 1, 128] },
  );
}

/** Finds the remote that keeps what a partial clone lacks; undefined for a clone that is whole. */
export function buildFindPromisorRun(): ToolRun<string | undefined> {
  return buildGitRun(
    ['config', '--get-regexp', '^(remote\\..*\\.promisor|extensions\\.partialclone)$'],
    ({ stdout }) => {
      const older = /^extensions\.partialclone (.+)$/m.exec(stdout)?.[1];
      const names = [...stdout.matchAll(/^remote\.(.+)\.promisor(?: (?:true|yes|on|1))?$/gim)];
      return names.map(match => match[1]).find(name => name === 'origin') ?? names[0]?.[1] ?? older;
    },
    { answers: [0, 1] },
  );
}

/** Lists the full names of branches, tags and what is known of remotes. */
export function buildListRefNamesRun(): ToolRun<readonly string[]> {
  return buildGitRun(
    ['for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/tags', 'refs/remotes'],
    ({ stdout }) => stdout.split('\n').filter(line => line !== ''),
  );
}
