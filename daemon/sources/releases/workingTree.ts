import { buildStatusRun } from '../../tools/git/repositoryRuns.ts';
import { type Git, runGit } from '../../tools/git/runGit.ts';
import type { Repository } from './findRepository.ts';

/** What a person's working tree stands on. */
export type WorkingTree = {
  readonly branch?: string;
  /** Absent before the first commit. */
  readonly commit?: string;
  readonly detached: boolean;
  /** True when files differ from the commit or are unknown to it; a release never has them. */
  readonly dirty: boolean;
};

/** Reads the branch, the commit and whether there are changes; takes no lock and writes nothing. */
export async function readWorkingTree(git: Git, repository: Repository): Promise<WorkingTree> {
  const { changes, ...head } = await runGit(git, buildStatusRun(), { folder: repository.folder });
  return { ...head, dirty: changes > 0 };
}
