import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { OnProgress } from './cache.ts';
import { runCommand } from './runCommand.ts';
import { authors, type Edit, type SampleCommit, sampleHistory } from './sampleHistory.ts';

export interface SampleRepository {
  /** The working tree, on branch main. */
  readonly directory: string;
  /** The bare repository that is its remote `origin`. */
  readonly origin: string;
  /** False when it was there already. */
  readonly created: boolean;
}

const template = join(import.meta.dirname, 'kosmos');
const clusterIdPlaceholder = 'CLUSTER_ID';

/**
 * Makes the sample repository `kosmos` in the folder `into`, with a bare `origin` in `into`.git beside it.
 *
 * It has the commits and annotated tags of sandbox/sampleHistory.ts, with their authors and dates, all pushed, and a
 * slipway.yaml for the cluster `clusterId` in which whoever runs this may tick every check. A repository that is there for this cluster is left as it is, with what its
 * user did in it. Rejects when `into` holds anything else.
 */
export async function createSampleRepository(options: {
  into: string;
  clusterId: string;
  onProgress: OnProgress;
}): Promise<SampleRepository> {
  const directory = resolve(options.into);
  const origin = `${directory}.git`;
  if (await exists(directory)) {
    await requireSameCluster(directory, options.clusterId);
    return { directory, origin, created: false };
  }
  options.onProgress(`Making the sample repository in ${directory}`);
  const unfinished = `${directory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const work = join(unfinished, 'work');
  await cp(template, work, { recursive: true });
  await edit(work, 'slipway.yaml', text =>
    text
      .replaceAll(clusterIdPlaceholder, options.clusterId)
      // The daemon sees the same user: it is started by whoever started this.
      .replace(/\bPERSON(?=\])/g, JSON.stringify(userInfo().username)),
  );
  await commitHistory(work);
  const bare = join(unfinished, 'origin.git');
  await git(unfinished, ['clone', '--quiet', '--bare', work, bare]);
  await git(bare, ['remote', 'remove', 'origin']);

  await rm(origin, { recursive: true, force: true });
  await mkdir(dirname(directory), { recursive: true });
  await rename(bare, origin);
  await git(work, ['remote', 'add', 'origin', origin]);
  await git(work, ['fetch', '--quiet', 'origin']);
  await git(work, ['branch', '--quiet', '--set-upstream-to=origin/main', 'main']);
  await git(work, ['remote', 'set-head', 'origin', 'main']);
  await rename(work, directory);
  await rm(unfinished, { recursive: true, force: true });
  return { directory, origin, created: true };
}

async function commitHistory(work: string): Promise<void> {
  await git(work, ['init', '--quiet', '--initial-branch=main']);
  for (const [key, value] of Object.entries({
    'user.name': authors.alice,
    'user.email': emailOf('alice'),
    'commit.gpgsign': 'false',
    'tag.gpgsign': 'false',
  })) {
    await git(work, ['config', key, value]);
  }
  for (const commit of sampleHistory) {
    for (const one of commit.edits) {
      await applyEdit(work, one);
    }
    const env = identityOf(commit);
    await git(work, ['add', '--all']);
    await git(work, ['commit', '--quiet', '--message', commit.message], env);
    if (commit.tag !== undefined) {
      await git(work, ['tag', '--annotate', commit.tag.name, '--message', commit.tag.message], env);
    }
  }
}

async function applyEdit(work: string, one: Edit): Promise<void> {
  if ('write' in one) {
    await mkdir(dirname(join(work, one.path)), { recursive: true });
    await writeFile(join(work, one.path), one.write);
    return;
  }
  await edit(work, one.path, text => {
    const parts = text.split(one.find);
    if (parts.length !== 2) {
      throw new Error(
        `${one.path} holds ${JSON.stringify(one.find)} ${parts.length - 1} times instead of once`,
      );
    }
    return parts.join(one.replace);
  });
}

async function edit(work: string, path: string, change: (text: string) => string): Promise<void> {
  const file = join(work, path);
  await writeFile(file, change(await readFile(file, 'utf8')));
}

function identityOf({ author, date }: SampleCommit): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: authors[author],
    GIT_AUTHOR_EMAIL: emailOf(author),
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: authors[author],
    GIT_COMMITTER_EMAIL: emailOf(author),
    GIT_COMMITTER_DATE: date,
  };
}

function emailOf(author: SampleCommit['author']): string {
  return `${author}@kosmos.example`;
}

/** Without the user's own settings: his hooks, templates and signing keys are not for this repository. */
function git(cwd: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return runCommand('git', args, {
    cwd,
    env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', ...env },
  });
}

async function requireSameCluster(directory: string, clusterId: string): Promise<void> {
  const text = await readFile(join(directory, 'slipway.yaml'), 'utf8').catch(() => undefined);
  if (text?.includes(clusterId) !== true) {
    throw new Error(
      `${directory} is there already, but its slipway.yaml does not name this cluster (${clusterId}). ` +
        'Move it away or begin anew with --fresh.',
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
