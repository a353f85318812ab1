import { SlipwayError } from '../../protocol/errors.ts';
import { buildDeleteRefsRun, buildFetchRun, buildRemoteBranchesRun } from '../../tools/git/cloneRuns.ts';
import { buildListRefsRun } from '../../tools/git/historyRuns.ts';
import { buildListRefNamesRun } from '../../tools/git/repositoryRuns.ts';
import { runGit } from '../../tools/git/runGit.ts';
import { buildVersionRun } from '../../tools/git/version.ts';
import { type Clone, cloneRefs, runInClone } from './clone.ts';
import type { CloneLimits } from './cloneLimits.ts';
import { describeGitProblem } from './describeGitProblem.ts';
import { type Remote, readRemote } from './findOrigin.ts';
import type { Repository } from './findRepository.ts';

/** Whatever is missing in the repository is one of these. */
const promisedRefs = 'refs/promised/';

/** More refs that cannot be copied are not looked for one by one. */
const mostFetches = 200;

/**
 * Copies a partial clone, which lacks files that its remote has promised to keep. The remote gives them to Slipway's own
 * clone, which then needs nothing of the person's repository but what only that has; nothing is downloaded into theirs.
 * Answers notices about what nobody has any more. Throws `partialClone` when the remote was never reached.
 */
export async function copyPartialClone(
  clone: Clone,
  from: { readonly repository: Repository; readonly promisor: string; readonly limits: CloneLimits },
): Promise<readonly string[]> {
  const { repository, promisor, limits } = from;
  const { folder } = repository;
  const remote = await readRemote(clone.git, folder, promisor);
  const problem = await fetchPromised(clone, remote, limits);
  if (problem !== undefined && (await runInClone(clone, buildListRefsRun(promisedRefs))).length === 0) {
    throw await explain(clone, { folder, promisor, problem });
  }
  const names = await runGit(clone.git, buildListRefNamesRun(), { folder });
  await forgetGone(clone, names);
  const missing = await fetchRefs(clone, { folder, names, timeoutMs: limits.localMs });
  await runInClone(clone, buildDeleteRefsRun(missing.map(nameInClone)));
  return describeMissing(
    missing,
    problem === undefined ? `${promisor} gave none` : `${promisor}: ${problem}`,
  );
}

/** The command that makes a partial clone whole, as this version of git knows it. */
export function buildCompleteCommand(remote: string, version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 36)
    ? `git fetch --refetch --no-filter --tags ${remote}`
    : `git clone "$(git remote get-url ${remote})" ../whole`;
}

/** Fetches all that the remote has, whole; answers its problem when that failed. */
async function fetchPromised(clone: Clone, remote: Remote, limits: CloneLimits): Promise<string | undefined> {
  const refspecs = ['heads', 'tags'].map(kind => `+refs/${kind}/*:${promisedRefs}${kind}/*`);
  try {
    // The whole may take as long as a local copy does, but only of a remote that answers.
    await runInClone(clone, buildRemoteBranchesRun(remote.address), limits.originMs);
    await runInClone(clone, buildFetchRun(remote.address, refspecs), limits.localMs);
    return undefined;
  } catch (error) {
    return describeGitProblem(error);
  }
}

/**
 * Fetches refs from the person's repository; those that it cannot give are found by halves, and answered: git refuses a
 * fetch as a whole when one file is missing.
 */
async function fetchRefs(
  clone: Clone,
  from: { readonly folder: string; readonly names: readonly string[]; readonly timeoutMs: number },
): Promise<readonly string[]> {
  const missing: string[] = [];
  const open = from.names.length === 0 ? [] : [from.names];
  for (let fetches = 0; ; fetches += 1) {
    const names = open.pop();
    if (!names) {
      return missing;
    }
    const refspecs = names.map(name => `+${name}:${nameInClone(name)}`);
    const half = Math.ceil(names.length / 2);
    try {
      await runInClone(clone, buildFetchRun(from.folder, refspecs), from.timeoutMs);
    } catch {
      if (names.length === 1 || fetches >= mostFetches) {
        missing.push(...names);
      } else {
        open.push(names.slice(half), names.slice(0, half));
      }
    }
  }
}

/** What the person's repository has no more must not stay, and a name may stand where a folder of names was. */
async function forgetGone(clone: Clone, names: readonly string[]): Promise<void> {
  const there = new Set(names.map(nameInClone));
  const known = await Promise.all(
    [cloneRefs.localHeads, cloneRefs.localTags, cloneRefs.localRemotes].map(prefix =>
      runInClone(clone, buildListRefsRun(prefix)),
    ),
  );
  await runInClone(clone, buildDeleteRefsRun(known.flat().filter(name => !there.has(name))));
}

/** `refs/local/tags/v1` for `refs/tags/v1`. */
function nameInClone(name: string): string {
  return name.replace(/^refs\//, 'refs/local/');
}

/** What the person's git keeps of remotes is asked of the remote itself, so nobody misses it here. */
function describeMissing(names: readonly string[], why: string): readonly string[] {
  const own = names.filter(name => !name.startsWith('refs/remotes/'));
  const shown = own.slice(0, 5).map(name => name.replace(/^refs\/(?:heads|tags)\//, ''));
  const rest = own.length > shown.length ? ` and ${own.length - shown.length} more` : '';
  return own.length === 0
    ? []
    : [`Missing here, since files of them were never downloaded and ${why}: ${shown.join(', ')}${rest}.`];
}

async function explain(
  clone: Clone,
  facts: { readonly folder: string; readonly promisor: string; readonly problem: string },
): Promise<SlipwayError> {
  const { folder, promisor, problem } = facts;
  const version = await runGit(clone.git, buildVersionRun(), { folder });
  const command = buildCompleteCommand(promisor, version);
  const opens = command.startsWith('git clone') ? ', and open that folder' : '';
  return new SlipwayError(
    'partialClone',
    `${folder} is a partial clone: it lacks files that were never downloaded, and ${promisor}, which has them, could not be reached: ${problem}.`,
    {
      next: `When it can be reached, look again; or make the clone whole there, run: ${command}${opens}`,
      details: { path: folder, command },
    },
  );
}
