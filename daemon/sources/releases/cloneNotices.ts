import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFindPromisorRun } from '../../tools/git/repositoryRuns.ts';
import { type Git, runGit } from '../../tools/git/runGit.ts';
import type { Repository } from './findRepository.ts';

/** What people should know of their repository, because a release may lack it. */
export async function readCloneNotices(
  git: Git,
  { folder, shallow }: Repository,
): Promise<readonly string[]> {
  const attributes = readFile(join(folder, '.gitattributes'), 'utf8').catch(() => '');
  const submodules = access(join(folder, '.gitmodules')).then(
    () => true,
    () => false,
  );
  const promisor = await runGit(git, buildFindPromisorRun(), { folder });
  return [
    ...(shallow
      ? ['This is a shallow clone: older commits are not known here (git fetch --unshallow).']
      : []),
    ...(promisor === undefined
      ? []
      : [`This is a partial clone: files that were never downloaded are taken from ${promisor}.`]),
    ...((await submodules)
      ? ['Submodules are not part of a release: charts and values in them are not found.']
      : []),
    ...(/\bfilter=lfs\b/.test(await attributes)
      ? ['Files in Git LFS are not downloaded for a release: charts and values must not be kept there.']
      : []),
  ];
}
