import type { Clusters } from '../clusters/clusters.ts';
import type { NamedDigest } from '../model/digests/digestParts.ts';
import { buildReleaseDigest, buildReleaseParts } from '../model/digests/releaseDigest.ts';
import { decideTrust, type Trust } from '../model/digests/trust.ts';
import type { Environment, Procedure } from '../model/procedure.ts';
import type { EnvironmentView } from '../protocol/environment.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { Result } from '../protocol/messages.ts';
import type { ReleaseView } from '../protocol/release.ts';
import type { RepositoryView } from '../protocol/repository.ts';
import { type GoverningPolicy, readGoverningPolicy } from '../sources/procedure/governingPolicy.ts';
import { type ChartUse, checkChart } from '../sources/releases/checkChart.ts';
import type { Checkout, Checkouts } from '../sources/releases/checkouts.ts';
import { readFileAt, readIds } from '../sources/releases/clone.ts';
import type { Clones, FreshClone, RefreshReach } from '../sources/releases/clones.ts';
import { type Comparison, compareCommits } from '../sources/releases/compare.ts';
import { findBehind, type WantedRefs } from '../sources/releases/findBehind.ts';
import type { Repository } from '../sources/releases/findRepository.ts';
import { listReleases, type Release } from '../sources/releases/listReleases.ts';
import { readReleaseFacts } from '../sources/releases/releaseFacts.ts';
import { watchRepository } from '../sources/releases/watchRepository.ts';
import { readWorkingTree, type WorkingTree } from '../sources/releases/workingTree.ts';
import type { Store } from '../store/store.ts';
import type { Git } from '../tools/git/runGit.ts';
import type { EnvironmentAccess } from './environmentAccess.ts';
import { buildReleaseViews } from './releaseViews.ts';
import type { SharedWatches } from './sharedWatches.ts';
import { WatchedEnvironment } from './watchedEnvironment.ts';

/** What an open repository works with. */
export type OpenRepositoryOptions = {
  readonly git: Git;
  readonly clones: Clones;
  readonly checkouts: Checkouts;
  readonly clusters: Clusters;
  readonly watches: SharedWatches;
  readonly store: Store;
  readonly log: (message: string) => void;
  readonly onRepositoryChanged: (repository: OpenRepository) => void;
  readonly onEnvironmentChanged: (repository: OpenRepository, environment: EnvironmentView) => void;
};

/** A procedure that governs: what a plan may be built from. */
export type RequiredPolicy = GoverningPolicy & { readonly procedure: Procedure; readonly commit: string };

/** How many promotions a view holds. */
const shownPromotions = 50;

/** A repository that somebody has open: its procedure, releases and environments, kept up to date. */
export class OpenRepository {
  readonly repository: Repository;
  readonly #options: OpenRepositoryOptions;
  readonly #environments = new Map<string, WatchedEnvironment>();
  #fresh: FreshClone | undefined;
  #policy: GoverningPolicy | undefined;
  #tree: WorkingTree = { detached: false, dirty: false };
  #releases: readonly Release[] = [];
  #releaseNotices: readonly string[] = [];
  #watch: { dispose(): void } | undefined;
  #refreshing: Promise<void> = Promise.resolve();

  constructor(repository: Repository, options: OpenRepositoryOptions) {
    this.repository = repository;
    this.#options = options;
  }

  get id(): string {
    return this.repository.id;
  }

  /** Reads everything once, then follows changes; the origin is asked in the background. */
  async open(): Promise<void> {
    await this.refresh('local');
    this.#options.store.records.repositories.set({ repositoryId: this.id, folder: this.repository.folder });
    const watch = watchRepository(this.repository, () => void this.refresh('local').catch(this.#report));
    this.#watch = watch;
    void this.refresh('origin').catch(this.#report);
  }

  /** Reads procedure and releases anew; one refresh at a time. */
  async refresh(reach: RefreshReach = 'origin'): Promise<void> {
    const turn = this.#refreshing.then(
      () => this.#refresh(reach),
      () => this.#refresh(reach),
    );
    this.#refreshing = turn;
    await turn;
  }

  /** Everything that the trees show. */
  view(): RepositoryView {
    const policy = this.#policy;
    const trust = this.#trust();
    const promotions = this.#options.store.promotions.list({ repositoryId: this.id, limit: shownPromotions });
    const environments = [...this.#environments.values()].map(environment => environment.view());
    return {
      id: this.id,
      folder: this.repository.folder,
      name: policy?.procedure?.name ?? this.repository.folder.split('/').at(-1) ?? '',
      procedure: this.#procedureState(),
      diagnostics: [...(policy?.workingTree?.diagnostics ?? [])],
      policy: {
        from: policy?.from ?? '',
        workingTreeDiffers: policy?.workingTreeDiffers ?? false,
        ...(policy?.commit === undefined ? {} : { commit: policy.commit }),
        ...(policy?.advice === undefined ? {} : { advice: policy.advice }),
        ...(policy?.problem === undefined ? {} : { problem: policy.problem }),
      },
      trust: {
        state: trust.state,
        commandsDigest: trust.commandsDigest,
        commands: trust.commands.map(command => [...command]),
        added: trust.added.map(command => [...command]),
        removed: trust.removed.map(command => [...command]),
      },
      head: { ...this.#tree },
      notices: [...(this.#fresh?.notices ?? []), ...this.#releaseNotices, ...this.#treeNotices()],
      environments,
      releases: this.#releaseViews(environments),
      promotions: [...promotions],
    };
  }

  /** Set when nothing but this machine keeps the policy. */
  get advice(): string | undefined {
    return this.#policy?.advice;
  }

  /** The environment as it stands. */
  viewEnvironment(name: string): EnvironmentView | undefined {
    return this.#environments.get(name)?.view();
  }

  /** The environment's live side. Throws `unknownEnvironment`. */
  environment(name: string): WatchedEnvironment {
    const found = this.#environments.get(name);
    if (!found) {
      const names = [...this.#environments.keys()].join(', ') || 'none';
      throw new SlipwayError('unknownEnvironment', `There is no environment "${name}"; there are: ${names}.`);
    }
    return found;
  }

  /** Keeps the person's word; throws `notTrusted` when the commands have changed since they were shown. */
  trust(commandsDigest: string, person: string): RepositoryView {
    const trust = this.#trust();
    if (trust.commandsDigest !== commandsDigest) {
      throw new SlipwayError(
        'notTrusted',
        'The commands have changed since they were shown: read them again.',
      );
    }
    const { store } = this.#options;
    store.records.trust.set({
      repositoryId: this.id,
      commandsDigest: trust.commandsDigest,
      commands: trust.commands,
      person,
    });
    this.#options.onRepositoryChanged(this);
    return this.view();
  }

  /** Throws `notTrusted` unless the person trusted exactly the commands of the procedure as it is now. */
  requireTrust(): void {
    const { state } = this.#trust();
    if (state !== 'trusted') {
      const why = state === 'changed' ? 'its commands have changed since' : 'nobody has said so yet';
      throw new SlipwayError('notTrusted', `Slipway may not act for ${this.repository.folder}: ${why}.`);
    }
  }

  /**
   * Looks whether the branch that policy comes from, or a release's tag, has moved on, here or at the origin, and reads
   * the repository anew where it has. Answers a sentence when the origin could not be asked.
   */
  async catchUp(version?: string): Promise<string | undefined> {
    if (!this.#fresh) {
      await this.refresh('origin');
      return undefined;
    }
    const behind = await findBehind(this.#fresh, this.repository, this.#wantedRefs(version));
    if (behind.origin || behind.local) {
      await this.refresh(behind.origin ? 'origin' : 'local');
    }
    return behind.problem === undefined
      ? undefined
      : `${behind.problem}. Its branches and tags are as they were fetched last.`;
  }

  /** The governing policy as it was read last. Throws `policyUnavailable`. */
  requirePolicy(): RequiredPolicy {
    const policy = this.#policy;
    if (policy?.procedure && policy.commit !== undefined && policy.problem === undefined) {
      return { ...policy, procedure: policy.procedure, commit: policy.commit };
    }
    throw new SlipwayError('policyUnavailable', policy?.problem ?? 'There is no slipway.yaml that governs.');
  }

  /** A release that may be promoted. Throws `unknownRelease` or `movedTag`. */
  findRelease(version: string): Release {
    const release = this.lookUpRelease(version);
    if (!release) {
      throw new SlipwayError(
        'unknownRelease',
        `There is no release "${version}" in ${this.repository.folder}.`,
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
    const facts = await readReleaseFacts(this.#clone(), procedure, release);
    return { digest: buildReleaseDigest(facts), parts: buildReleaseParts(facts) };
  }

  /** The git ids of files at a commit, by the paths as they were asked for; `missing` where there is none. */
  async readIds(commit: string, paths: readonly string[]): Promise<Readonly<Record<string, string>>> {
    return readIds(this.#clone(), commit, paths);
  }

  /** Throws `chartMissing` or `valuesMissing` unless a commit holds the chart and its values files whole. */
  async checkChart(use: ChartUse): Promise<void> {
    await checkChart(this.#clone(), use);
  }

  /** A file at a commit; `undefined` when there is none. */
  async readFile(commit: string, path: string): Promise<string | undefined> {
    return readFileAt(this.#clone(), { commit, path, most: 1_000_000 });
  }

  /** Lays out the files of a commit for reading. */
  async checkout(commit: string): Promise<Checkout> {
    return this.#options.checkouts.checkout(this.#clone(), this.id, commit);
  }

  /** Compares two commits, or lists everything up to one. */
  async compareCommits(from: string | undefined, to: string): Promise<Comparison> {
    return compareCommits(this.#clone(), from === undefined ? { to } : { from, to });
  }

  /** What changed between what runs in an environment and a release. */
  async compareRelease(options: {
    readonly version: string;
    readonly environment: string;
    readonly signal: AbortSignal;
  }): Promise<Result<'release.compare'>> {
    const release = this.#releases.find(candidate => candidate.version === options.version);
    if (!release) {
      throw new SlipwayError('unknownRelease', `There is no release "${options.version}".`);
    }
    const running = this.environment(options.environment).view().running[0]?.version;
    const from = running === undefined ? undefined : this.lookUpRelease(running)?.commit;
    const { commits, direction, total } = await this.compareCommits(from, release.commit);
    return { commits: [...commits], direction, total, ...(from === undefined ? {} : { from }) };
  }

  /** Takes a moved tag's new commit as right. Throws `movedTag` when it has moved again. */
  async acceptMovedTag(options: {
    readonly version: string;
    readonly commit: string;
    readonly person: string;
  }): Promise<void> {
    const release = this.lookUpRelease(options.version);
    if (release?.commit !== options.commit) {
      throw new SlipwayError(
        'movedTag',
        `${options.version} does not lead to ${options.commit}: look again.`,
      );
    }
    const { tag, commit } = release;
    this.#options.store.records.tags.acceptMove({
      repositoryId: this.id,
      tag,
      commit,
      person: options.person,
    });
    await this.refresh('local');
  }

  /** Lists the contexts for an environment, those whose name or namespace fits first. */
  async listContexts(environment: string): Promise<Result<'environment.contexts'>> {
    this.environment(environment);
    const kubeconfig = await this.#options.clusters.readKubeconfig();
    const definition = this.#policy?.procedure?.environments.find(({ name }) => name === environment);
    const contexts = kubeconfig.contexts.map(context => ({
      ...context,
      suggested:
        context.name === environment ||
        context.name.endsWith(`-${environment}`) ||
        (context.namespace !== undefined && context.namespace === definition?.cluster?.namespace),
    }));
    return {
      contexts: contexts.toSorted((left, right) => Number(right.suggested) - Number(left.suggested)),
      kubeconfigs: [...kubeconfig.paths],
    };
  }

  /** Keeps the consent to contact an environment's cluster and begins to watch it. */
  async connect(options: {
    readonly environment: string;
    readonly context: string;
    readonly person: string;
  }): Promise<EnvironmentView> {
    const environment = this.environment(options.environment);
    await environment.connect(options.context, options.person);
    return environment.view();
  }

  /** Withdraws the consent. */
  async disconnect(options: {
    readonly environment: string;
    readonly person: string;
  }): Promise<EnvironmentView> {
    const environment = this.environment(options.environment);
    environment.disconnect(options.person);
    return environment.view();
  }

  /** The way to an environment's cluster. */
  async access(environment: Environment, signal?: AbortSignal): Promise<EnvironmentAccess> {
    return this.environment(environment.name).access(signal);
  }

  /** Tells that the environment's lock, promotions or journal changed. */
  notifyEnvironment(name: string): void {
    const view = this.viewEnvironment(name);
    if (view) {
      this.#options.onEnvironmentChanged(this, view);
    }
  }

  /** Ends every watch. */
  dispose(): void {
    this.#watch?.dispose();
    for (const environment of this.#environments.values()) {
      environment.dispose();
    }
    this.#environments.clear();
  }

  async #refresh(reach: RefreshReach): Promise<void> {
    const { clones, git } = this.#options;
    const { repository } = this;
    const before = JSON.stringify(this.#shown());
    const fresh = await clones.refresh(repository, reach);
    const [policy, tree] = await Promise.all([
      readGoverningPolicy({ clones, repository, fresh, reach }),
      readWorkingTree(git, repository),
    ]);
    this.#fresh = fresh;
    this.#policy = policy;
    this.#tree = tree;
    await this.#readReleases(fresh);
    this.#defineEnvironments();
    if (before !== JSON.stringify(this.#shown())) {
      this.#options.onRepositoryChanged(this);
    }
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
    const { releases, notices } = await listReleases(fresh.clone, {
      glob: this.#policy?.procedure?.releases.tags ?? 'v*',
      seen: { list: () => tags.list(this.id), see: seen => tags.see(this.id, seen) },
      withOrigin: fresh.origin !== undefined,
    });
    this.#releases = releases;
    this.#releaseNotices = notices;
  }

  #defineEnvironments(): void {
    const procedure = this.#policy?.procedure;
    const names = new Set(procedure?.environments.map(({ name }) => name));
    for (const [name, environment] of this.#environments) {
      if (!names.has(name)) {
        environment.dispose();
        this.#environments.delete(name);
      }
    }
    for (const environment of procedure?.environments ?? []) {
      const definition = {
        environment,
        components: procedure?.components ?? [],
        imagePatterns: procedure?.releases.images ?? {},
      };
      const known = this.#environments.get(environment.name);
      if (known) {
        known.redefine(definition);
      } else {
        this.#addEnvironment(definition);
      }
    }
  }

  #addEnvironment(definition: ConstructorParameters<typeof WatchedEnvironment>[0]): void {
    const { clusters, watches, store } = this.#options;
    const { name } = definition.environment;
    const added = new WatchedEnvironment(definition, {
      repositoryId: this.id,
      clusters,
      watches,
      store,
      onChanged: () => this.notifyEnvironment(name),
    });
    this.#environments.set(name, added);
    added.resume();
  }

  #clone() {
    if (!this.#fresh) {
      throw new Error(`the repository ${this.repository.folder} has not been read yet`);
    }
    return this.#fresh.clone;
  }

  #trust(): Trust {
    const commands = this.#policy?.procedure?.commands ?? [];
    return decideTrust(commands, this.#options.store.records.trust.get(this.id)?.commands);
  }

  #procedureState(): RepositoryView['procedure'] {
    const policy = this.#policy;
    if (policy?.workingTree?.diagnostics.some(({ severity }) => severity === 'error')) {
      return 'invalid';
    }
    return policy?.procedure ? 'valid' : policy?.workingTree ? 'invalid' : 'missing';
  }

  #treeNotices(): readonly string[] {
    return [
      ...(this.#tree.detached ? ['HEAD is detached: you are on no branch.'] : []),
      ...(this.#tree.dirty ? ['The working tree has changes that are in no release.'] : []),
    ];
  }

  #releaseViews(environments: readonly EnvironmentView[]): ReleaseView[] {
    const { promotions } = this.#options.store;
    const summaries = promotions.summaries({ repositoryId: this.id, limit: 1000 });
    return buildReleaseViews({ releases: this.#releases, environments, summaries });
  }

  /** What decides whether windows must be told. */
  #shown(): unknown {
    const { workingTree, ...policy } = this.#policy ?? { workingTree: undefined };
    return [
      policy,
      workingTree?.diagnostics,
      this.#tree,
      this.#releases,
      this.#releaseNotices,
      this.#fresh?.notices,
    ];
  }

  readonly #report = (error: unknown): void => {
    this.#options.log(`refresh of ${this.repository.folder}: ${String(error)}`);
  };
}
