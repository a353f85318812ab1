import { isAbsolute, resolve } from 'node:path';
import { buildListRemotesRun, buildRemoteAddressRun } from '../../tools/git/repositoryRuns.ts';
import { type Git, runGit } from '../../tools/git/runGit.ts';

/** A remote of the person's repository. */
export type Remote = {
  readonly name: string;
  /** May hold a password: for git only, never for people. */
  readonly address: string;
};

/** Finds the remote that a repository calls `origin`, or its only one. */
export async function findOrigin(git: Git, folder: string): Promise<Remote | undefined> {
  const remotes = await runGit(git, buildListRemotesRun(), { folder });
  const name = remotes.includes('origin') ? 'origin' : remotes.length === 1 ? remotes[0] : undefined;
  return name === undefined ? undefined : readRemote(git, folder, name);
}

/** Reads where a remote of a repository is, from wherever git runs. */
export async function readRemote(git: Git, folder: string, name: string): Promise<Remote> {
  const address = await runGit(git, buildRemoteAddressRun(name), { folder });
  const isPlace = address.includes('://') || /^[^/]+:/.test(address) || isAbsolute(address);
  return { name, address: isPlace ? address : resolve(folder, address) };
}
