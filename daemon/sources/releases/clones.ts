import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '../../protocol/errors.ts';
import {
  buildDeleteRefsRun,
  buildFetchRun,
  buildInitRun,
  buildPackRefsRun,
  buildRemoteBranchesRun,
  type RemoteBranches,
} from '../../tools/git/cloneRuns.ts';
import { buildListRefsRun } from '../../tools/git/historyRuns.ts';
import { buildFindPromisorRun } from '../../tools/git/repositoryRuns.ts';
import { type Git, runGit } from '../../tools/git/runGit.ts';
import { ToolError } from '../../tools/process/toolError.ts';
import { type Clone, cloneRefs, runInClone } from './clone.ts';
import type { CloneLimits } from './cloneLimits.ts';
import { readCloneNotices } from './cloneNotices.ts';
import { copyPartialClone } from './copyPartialClone.ts';
import { describeGitProblem, isDiskFull } from './describeGitProblem.ts';
import { type ChosenRemote, chooseRemote, type Remote, readRemote } from './findOrigin.ts';
import type { Repository } from './findRepository.ts';

/** A clone as the last refresh left it. */
export type FreshClone = {
  readonly clone: Clone;
  /** Absent when the repository has no remote, or several of which nobody can say which one is meant. */
  readonly origin?: Origin;
  /** Those several. */
  readonly undecided?: readonly string[];
  /** Sentences that people should know about the repository. */
  readonly notices: readonly string[];
};

/** The remote that the repository calls `origin`, its only one, or the one that its git prefers. */
export type Origin = Remote & {
  /** Its default branch; absent until it was reached once, and when it is empty. */
  readonly defaultBranch?: string;
  /** Why it could not be reached this time; what is known of it is of the last time. */
  readonly problem?: string;
};

/** How far a refresh goes: to the user's repository only, or to its origin too. */
export type RefreshReach = 'local' | 'origin';

const usualLimits: CloneLimits = { localMs: 600_000, originMs: 30_000 };

/**
 * Slipway's own bare clones below the state folder, one for each repository. They are brought up to date from the user's
 * repository, which is only read, and from its origin; one refresh of a repository at a time.
 */
export class Clones {
  readonly #git: Git;
  readonly #folder: string;
  readonly #limits: CloneLimits;
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(options: { readonly git: Git; readonly folder: string; readonly limits?: CloneLimits }) {
    this.#git = options.git;
    this.#folder = options.folder;
    this.#limits = options.limits ?? usualLimits;
  }

  /**
   * Brings the clone up to date. An origin that cannot be reached is a notice, and so are commits that cannot be copied
   * when there is an older clone. Throws when the repository is gone or cannot be copied at all.
   */
  async refresh(repository: Repository, reach: RefreshReach): Promise<FreshClone> {
    return this.#inTurn(repository.id, () => this.#refresh(repository, reach));
  }

  /** Fetches one branch of the origin; answers its problem when that failed. */
  async fetchOriginBranch(
    repository: Repository,
    origin: Origin,
    branch: string,
  ): Promise<string | undefined> {
    return this.#inTurn(repository.id, async () => {
      const refspec = `+refs/heads/${branch}:${cloneRefs.originHeads}${branch}`;
      try {
        await this.#fetch(this.#cloneOf(repository), origin.address, [refspec], this.#limits.originMs);
        return undefined;
      } catch (error) {
        return describeGitProblem(error);
      }
    });
  }

  async #inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#running.get(id) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#running.set(id, turn);
    try {
      return await turn;
    } finally {
      if (this.#running.get(id) === turn) {
        this.#running.delete(id);
      }
    }
  }

  #cloneOf(repository: Repository): Clone {
    return { git: this.#git, folder: join(this.#folder, `${repository.id}.git`) };
  }

  async #refresh(repository: Repository, reach: RefreshReach): Promise<FreshClone> {
    const clone = this.#cloneOf(repository);
    const copied = await this.#copyLocal(repository, clone);
    const chosen = await chooseRemote(this.#git, { folder: repository.folder });
    const [origin, notices] = await Promise.all([
      // A clone made anew has lost what it knew of the origin.
      this.#readOrigin(repository, clone, { chosen, reach: copied.anew ? 'origin' : reach }),
      readCloneNotices(this.#git, repository),
    ]);
    const reached = origin?.problem
      ? [`${origin.name} could not be reached: ${origin.problem}. What is known of it is from the last time.`]
      : [];
    return {
      clone,
      ...(origin ? { origin } : {}),
      ...(chosen.undecided ? { undecided: chosen.undecided } : {}),
      notices: [...copied.notices, ...notices, ...tellUndecided(chosen), ...reached],
    };
  }

  /** Copies the user's refs; a clone that cannot take them is made anew beside the old one. */
  async #copyLocal(repository: Repository, clone: Clone): Promise<Copied> {
    const existing = await isThere(join(clone.folder, 'HEAD'));
    if (!existing) {
      const notices = await this.#replaceClone(repository, clone).catch(error => {
        if (error instanceof SlipwayError && error.code === 'partialClone') {
          throw error;
        }
        const why = describeGitProblem(error);
        const code = isDiskFull(error) ? 'storeFailed' : 'toolFailed';
        throw new SlipwayError(code, `Slipway could not copy ${repository.folder}: ${why}.`, {
          details: { path: clone.folder },
          cause: error,
        });
      });
      return { anew: true, notices };
    }
    try {
      return { anew: false, notices: await this.#fetchLocal(repository, clone) };
    } catch (error) {
      const isPartial = error instanceof SlipwayError && error.code === 'partialClone';
      if (isPartial || (error instanceof ToolError && error.reason === 'timedOut')) {
        return { anew: false, notices: [describeStale(error)] };
      }
    }
    // A lock left by a dead git, a damaged pack: the clone holds nothing that cannot be fetched again.
    try {
      return { anew: true, notices: await this.#replaceClone(repository, clone) };
    } catch (error) {
      return { anew: false, notices: [describeStale(error)] };
    }
  }

  async #replaceClone(repository: Repository, clone: Clone): Promise<readonly string[]> {
    const fresh = { ...clone, folder: `${clone.folder}.new` };
    try {
      await this.#makeClone(repository, fresh);
      const notices = await this.#fetchLocal(repository, fresh);
      await runInClone(fresh, buildPackRefsRun());
      await rm(clone.folder, { recursive: true, force: true });
      await rename(fresh.folder, clone.folder);
      return notices;
    } finally {
      await rm(fresh.folder, { recursive: true, force: true });
    }
  }

  async #makeClone(repository: Repository, clone: Clone): Promise<void> {
    await rm(clone.folder, { recursive: true, force: true });
    await mkdir(clone.folder, { recursive: true, mode: 0o700 });
    await runInClone(clone, buildInitRun(repository.objectFormat));
    // A release's files are its bytes: no line ends, keywords or filters (git-lfs) of this machine.
    await mkdir(join(clone.folder, 'info'), { recursive: true });
    await writeFile(
      join(clone.folder, 'info', 'attributes'),
      '* -text -eol -filter -ident -working-tree-encoding\n',
    );
  }

  /** A partial clone may be able to give what is asked of it; where it is not, its remote is asked, too. */
  async #fetchLocal(repository: Repository, clone: Clone): Promise<readonly string[]> {
    const refspecs = [
      `+refs/heads/*:${cloneRefs.localHeads}*`,
      `+refs/tags/*:${cloneRefs.localTags}*`,
      `+refs/remotes/*:${cloneRefs.localRemotes}*`,
    ];
    const { folder } = repository;
    try {
      await this.#fetch(clone, folder, refspecs, this.#limits.localMs);
      return [];
    } catch (error) {
      const promisor = await runGit(this.#git, buildFindPromisorRun(), { folder }).catch(() => undefined);
      if (promisor === undefined || (error instanceof ToolError && error.reason === 'timedOut')) {
        throw error;
      }
      return copyPartialClone(clone, { repository, promisor, limits: this.#limits });
    }
  }

  async #fetch(clone: Clone, source: string, refspecs: readonly string[], timeoutMs: number): Promise<void> {
    await runInClone(clone, buildFetchRun(source, refspecs), timeoutMs);
  }

  async #readOrigin(
    repository: Repository,
    clone: Clone,
    { chosen, reach }: { readonly chosen: ChosenRemote; readonly reach: RefreshReach },
  ): Promise<Origin | undefined> {
    if (chosen.name === undefined) {
      return undefined;
    }
    const found = await readRemote(this.#git, repository.folder, chosen.name);
    await this.#forgetOtherOrigin(clone, found.address);
    const known = await readKnownBranch(clone);
    if (reach === 'local') {
      return { ...found, ...(known === undefined ? {} : { defaultBranch: known }) };
    }
    try {
      const run = buildRemoteBranchesRun(found.address);
      const branch = chooseDefaultBranch(await runInClone(clone, run, this.#limits.originMs));
      const heads = branch === undefined ? [] : [`+refs/heads/${branch}:${cloneRefs.originHeads}${branch}`];
      const refspecs = [...heads, `+refs/tags/*:${cloneRefs.originTags}*`];
      await this.#fetch(clone, found.address, refspecs, this.#limits.originMs);
      await writeKnownBranch(clone, branch ?? '');
      return { ...found, ...(branch === undefined ? {} : { defaultBranch: branch }) };
    } catch (error) {
      const problem = describeGitProblem(error);
      return { ...found, ...(known === undefined ? {} : { defaultBranch: known }), problem };
    }
  }

  /** What was fetched from one address must not speak for another. */
  async #forgetOtherOrigin(clone: Clone, address: string): Promise<void> {
    const file = join(clone.folder, 'slipway-origin');
    // The address may hold a password: only its digest is kept.
    const digest = createHash('sha256').update(address).digest('hex');
    const before = await readFile(file, 'utf8').catch(() => undefined);
    if (before === digest) {
      return;
    }
    const names = await runInClone(clone, buildListRefsRun('refs/origin/'));
    await runInClone(clone, buildDeleteRefsRun(names));
    await rm(join(clone.folder, 'slipway-branch'), { force: true });
    await writeFile(file, digest, { mode: 0o600 });
  }
}

// A bare repository often says "master" while only "main" was ever pushed.
function chooseDefaultBranch({ head, names }: RemoteBranches): string | undefined {
  const usual = ['main', 'master'].find(name => names.includes(name));
  return head ?? usual ?? (names.length === 1 ? names[0] : undefined);
}

async function readKnownBranch(clone: Clone): Promise<string | undefined> {
  const text = await readFile(join(clone.folder, 'slipway-branch'), 'utf8').catch(() => '');
  return text === '' ? undefined : text;
}

async function writeKnownBranch(clone: Clone, branch: string): Promise<void> {
  await writeFile(join(clone.folder, 'slipway-branch'), branch);
}

function tellUndecided({ undecided }: ChosenRemote): readonly string[] {
  return undecided
    ? [
        `None of the remotes ${undecided.join(', ')} is called origin: releases and gates are read from this machine alone until git config checkout.defaultRemote NAME says which one is meant.`,
      ]
    : [];
}

type Copied = { readonly anew: boolean; readonly notices: readonly string[] };

function describeStale(error: unknown): string {
  return `Slipway's own copy of the repository is out of date: ${describeGitProblem(error)}. Commits and tags may be missing.`;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
