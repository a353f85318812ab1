import { isAbsolute, resolve } from 'node:path';
import {
  buildListRemotesRun,
  buildReadSettingRun,
  buildRemoteAddressRun,
} from '../../tools/git/repositoryRuns.ts';
import { type Git, runGit } from '../../tools/git/runGit.ts';

/** A remote of the person's repository. */
export type Remote = {
  readonly name: string;
  /** May hold a password: for git only, never for people. */
  readonly address: string;
};

/** Which of a repository's remotes is its origin, or those of which nobody can say it. */
export type ChosenRemote = { readonly name?: string; readonly undecided?: readonly string[] };

/** Settings that say which remote a person means; the last two are written by `git clone` and `git push --set-upstream`. */
const preferences = ['checkout.defaultRemote', 'branch.main.remote', 'branch.master.remote'];

/** Chooses the remote that a repository calls `origin`, its only one, or the one that its git prefers. */
export async function chooseRemote(
  git: Git,
  at: { readonly folder: string; readonly signal?: AbortSignal },
): Promise<ChosenRemote> {
  const names = await runGit(git, buildListRemotesRun(), at);
  const [only, ...others] = names;
  const plain = names.includes('origin') ? 'origin' : others.length === 0 ? only : undefined;
  if (plain !== undefined || only === undefined) {
    return plain === undefined ? {} : { name: plain };
  }
  for (const setting of preferences) {
    const name = await runGit(git, buildReadSettingRun(setting), at);
    if (name !== undefined && names.includes(name)) {
      return { name };
    }
  }
  return { undecided: names };
}

/** Reads where a remote of a repository is, from wherever git runs. */
export async function readRemote(git: Git, folder: string, name: string): Promise<Remote> {
  const address = await runGit(git, buildRemoteAddressRun(name), { folder });
  const isPlace = address.includes('://') || /^[^/]+:/.test(address) || isAbsolute(address);
  return { name, address: isPlace ? address : resolve(folder, address) };
}
