import type { NamedDigest } from '../model/digests/digestParts.ts';
import { buildReleaseDigest, buildReleaseParts } from '../model/digests/releaseDigest.ts';
import type { Procedure } from '../model/procedure.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { explainMisplaced, findMisplaced, type Misplaced } from '../sources/procedure/findMisplaced.ts';
import { type GoverningPolicy, readGoverningPolicy } from '../sources/procedure/governingPolicy.ts';
import { type ChartUse, checkChart } from '../sources/releases/checkChart.ts';
import type { Checkout, Checkouts } from '../sources/releases/checkouts.ts';
import { readFileAt } from '../sources/releases/clone.ts';
import type { Clones, FreshClone, RefreshReach } from '../sources/releases/clones.ts';
import { CommitIds } from '../sources/releases/commitIds.ts';
import { type Comparison, compareCommits } from '../sources/releases/compare.ts';
import { type Behind, findBehind, type WantedRefs } from '../sources/releases/findBehind.ts';
import type { Repository } from '../sources/releases/findRepository.ts';
import { listReleases, type Release } from '../sources/releases/listReleases.ts';
import { readReleaseFacts } from '../sources/releases/releaseFacts.ts';
import { readWorkingTree, type WorkingTree } from '../sources/releases/workingTree.ts';
import type { Store } from '../store/store.ts';
import type { Git } from '../tools/git/runGit.ts';

/** What the contents of a repository are read with. */
export type RepositoryContentsOptions = {
  readonly git: Git;
  readonly clones: Clones;
  readonly checkouts: Checkouts;
  readonly store: Pick<Store, 'records'>;
};

/** A procedure that governs: what a plan may be built from. */
export type RequiredPolicy = GoverningPolicy & { readonly procedure: Procedure; readonly commit: string };

/** What a repository holds: its governing procedure, its releases and their files, as they were read last. */
export class RepositoryContents {
  readonly #repository: Repository;
  readonly #options: RepositoryContentsOptions;
  readonly #ids = new CommitIds();
  #fresh: FreshClone | undefined;
  #policy: GoverningPolicy | undefined;
  #misplaced: Misplaced | undefined;
  #tree: WorkingTree = { detached: false, dirty: false };
  #releases: readonly Release[] = [];
  #releaseNotices: readonly string[] = [];

  constructor(repository: Repository, options: RepositoryContentsOptions) {
    this.#repository = repository;
    this.#options = options;
  }

  /** The governing policy as it was read last, be it whole or not; `undefined` before the first reading. */
  get policy(): GoverningPolicy | undefined {
    return this.#policy;
  }

  /** Where there is no procedure: a file that was meant as one. */
  get misplaced(): Misplaced | undefined {
    return this.#misplaced;
  }

  /** Set when nothing but this machine keeps the policy. */
  get advice(): string | undefined {
    return this.#policy?.advice;
  }

  /** Where the person's HEAD stands. */
  get head(): WorkingTree {
    return this.#tree;
  }

  /** Every release, newest first. */
  get releases(): readonly Release[] {
    return this.#releases;
  }

  /** What people should know about branches, tags and the working tree. */
  get notices(): readonly string[] {
    return [
      ...(this.#fresh?.notices ?? []),
      ...this.#releaseNotices,
      ...(this.#tree.detached ? ['HEAD is detached: you are on no branch.'] : []),
      ...(this.#tree.dirty ? ['The working tree has changes that are in no release.'] : []),
    ];
  }

  /** Reads procedure, working tree and releases anew. Answers whether anything that windows show has changed. */
  async refresh(reach: RefreshReach): Promise<boolean> {
    const { clones, git } = this.#options;
    const repository = this.#repository;
    const before = JSON.stringify(this.#shown());
    const fresh = await clones.refresh(repository, reach);
    const [policy, tree] = await Promise.all([
      readGoverningPolicy({ clones, repository, fresh, reach }),
      readWorkingTree(git, repository),
    ]);
    this.#fresh = fresh;
    this.#policy = policy;
    this.#misplaced =
      policy.procedure || policy.workingTree ? undefined : await findMisplaced(git, repository);
    this.#tree = tree;
    await this.#readReleases(fresh);
    return before !== JSON.stringify(this.#shown());
  }

  /**
   * Looks whether the branch that policy comes from, or a release's tag, has moved on, here or at the origin.
   * `undefined` when nothing has been read yet.
   */
  async findBehind(version?: string): Promise<Behind | undefined> {
    return this.#fresh && findBehind(this.#fresh, this.#repository, this.#wantedRefs(version));
  }

  /** The governing policy as it was read last. Throws `policyUnavailable`. */
  requirePolicy(): RequiredPolicy {
    const policy = this.#policy;
    if (policy?.procedure && policy.commit !== undefined && policy.problem === undefined) {
      return { ...policy, procedure: policy.procedure, commit: policy.commit };
    }
    if (this.#misplaced) {
      const { message, next } = explainMisplaced(this.#misplaced);
      throw new SlipwayError('misplacedProcedure', message, { next });
    }
    throw new SlipwayError(
      'policyUnavailable',
      policy?.problem ?? 'There is no slipway.yaml that governs.',
      policy?.next === undefined ? {} : { next: policy.next },
    );
  }

  /** A release that may be promoted. Throws `unknownRelease` or `movedTag`. */
  findRelease(version: string): Release {
    const release = this.lookUpRelease(version);
    if (!release) {
      throw new SlipwayError(
        'unknownRelease',
        `There is no release "${version}" in ${this.#repository.folder}.`,
      );
    }
    if (release.movedFrom !== undefined) {
      throw new SlipwayError(
        'movedTag',
        `The tag ${release.tag} was moved from ${release.movedFrom.slice(0, 7)} to ${release.commit.slice(0, 7)}.`,
      );
    }
    return release;
  }

  /** The release of a version, if there is one. */
  lookUpRelease(version: string): Release | undefined {
    return this.#releases.find(release => release.version === version);
  }

  /** Digests a release by the governing procedure. */
  async readReleaseDigest(
    procedure: Procedure,
    release: Pick<Release, 'version' | 'commit'>,
  ): Promise<NamedDigest> {
    const readIds = (commit: string, paths: readonly string[]) => this.readIds(commit, paths);
    const facts = await readReleaseFacts(readIds, procedure, release);
    return { digest: buildReleaseDigest(facts), parts: buildReleaseParts(facts) };
  }

  /** The git ids of files at a commit, by the paths as they were asked for; `missing` where there is none. */
  async readIds(commit: string, paths: readonly string[]): Promise<Readonly<Record<string, string>>> {
    return this.#ids.read(this.#clone(), commit, paths);
  }

  /** Throws `chartMissing` or `valuesMissing` unless a commit holds the chart and its values files whole; answers warnings. */
  async checkChart(use: ChartUse): Promise<readonly string[]> {
    return checkChart(this.#clone(), use);
  }

  /** A file at a commit; `undefined` when there is none. */
  async readFile(commit: string, path: string): Promise<string | undefined> {
    return readFileAt(this.#clone(), { commit, path, most: 1_000_000 });
  }

  /** Lays out the files of a commit for reading. */
  async checkout(commit: string): Promise<Checkout> {
    return this.#options.checkouts.checkout(this.#clone(), this.#repository.id, commit);
  }

  /** Compares two commits, or lists everything up to one. */
  async compareCommits(from: string | undefined, to: string): Promise<Comparison> {
    return compareCommits(this.#clone(), from === undefined ? { to } : { from, to });
  }

  #wantedRefs(version: string | undefined): WantedRefs {
    const { origin } = this.#fresh ?? {};
    const from = this.#policy?.from ?? '';
    const prefix = `${origin?.name ?? ''}/`;
    const isOrigins = origin !== undefined && from.startsWith(prefix);
    const release = version === undefined ? undefined : this.lookUpRelease(version);
    const tags = version === undefined ? [] : [release?.tag ?? version];
    const branches = [isOrigins ? from.slice(prefix.length) : undefined, origin?.defaultBranch];
    return {
      originBranches: [...new Set(branches.filter(branch => branch !== undefined))],
      originTags: tags,
      localBranches: isOrigins || from === '' ? [] : [from],
      // Where both have a tag, the origin's counts.
      localTags: release === undefined || release.origin === 'local' ? tags : [],
    };
  }

  async #readReleases(fresh: FreshClone): Promise<void> {
    const { tags } = this.#options.store.records;
    const { id } = this.#repository;
    const { releases, notices } = await listReleases(fresh.clone, {
      glob: this.#policy?.procedure?.releases.tags ?? 'v*',
      seen: { list: () => tags.list(id), see: seen => tags.see(id, seen) },
      withOrigin: fresh.origin !== undefined,
    });
    this.#releases = releases;
    this.#releaseNotices = notices;
  }

  #clone() {
    if (!this.#fresh) {
      throw new Error(`the repository ${this.#repository.folder} has not been read yet`);
    }
    return this.#fresh.clone;
  }

  /** What decides whether windows must be told. */
  #shown(): unknown {
    const { workingTree, ...policy } = this.#policy ?? { workingTree: undefined };
    return [
      policy,
      workingTree?.diagnostics,
      this.#misplaced,
      this.#tree,
      this.#releases,
      this.#releaseNotices,
      this.#fresh?.notices,
    ];
  }
}
