import type { Clusters } from '../clusters/clusters.ts';
import { decideTrust, type Trust } from '../model/digests/trust.ts';
import type { EnvironmentView } from '../protocol/environment.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { Result } from '../protocol/messages.ts';
import type { RepositoryView } from '../protocol/repository.ts';
import type { Checkouts } from '../sources/releases/checkouts.ts';
import type { Clones, RefreshReach } from '../sources/releases/clones.ts';
import type { Repository } from '../sources/releases/findRepository.ts';
import { type RepositoryChange, watchRepository } from '../sources/releases/watchRepository.ts';
import type { Store } from '../store/store.ts';
import type { Git } from '../tools/git/runGit.ts';
import { buildReleaseViews, findReleases } from './releaseViews.ts';
import { RepositoryContents } from './repositoryContents.ts';
import { RepositoryEnvironments } from './repositoryEnvironments.ts';
import { buildRepositoryView } from './repositoryView.ts';
import type { SharedWatches } from './sharedWatches.ts';

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

/** How many promotions a view holds. */
const shownPromotions = 50;

/** How many promotions are looked through for how far a release has got. */
const reachedPromotions = 1000;

/** A repository that somebody has open: its contents and environments, kept up to date, and whether it is trusted. */
export class OpenRepository {
  readonly repository: Repository;
  readonly contents: RepositoryContents;
  readonly environments: RepositoryEnvironments;
  readonly #options: OpenRepositoryOptions;
  #watch: { dispose(): void } | undefined;
  #refreshing: Promise<void> = Promise.resolve();

  constructor(repository: Repository, options: OpenRepositoryOptions) {
    const { clusters, watches, store } = options;
    this.repository = repository;
    this.contents = new RepositoryContents(repository, options);
    this.environments = new RepositoryEnvironments({
      repositoryId: repository.id,
      clusters,
      watches,
      store,
      onChanged: environment => options.onEnvironmentChanged(this, environment),
    });
    this.#options = options;
  }

  get id(): string {
    return this.repository.id;
  }

  /** Reads everything once, then follows changes; the origin is asked in the background. */
  async open(): Promise<void> {
    await this.refresh('local');
    this.#options.store.records.repositories.set({ repositoryId: this.id, folder: this.repository.folder });
    const watch = watchRepository(this.repository, change => void this.#follow(change).catch(this.#report));
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

  /**
   * Looks whether the branch that policy comes from, or a release's tag, has moved on, here or at the origin, and reads
   * the repository anew where it has. Answers a sentence when the origin could not be asked.
   */
  async catchUp(version?: string): Promise<string | undefined> {
    const behind = await this.contents.findBehind(version);
    if (!behind) {
      await this.refresh('origin');
      return undefined;
    }
    if (behind.origin || behind.local) {
      await this.refresh(behind.origin ? 'origin' : 'local');
    }
    return behind.problem === undefined
      ? undefined
      : `${behind.problem}. Its branches and tags are as they were fetched last.`;
  }

  /** Everything that the trees show. */
  view(): RepositoryView {
    const { promotions } = this.#options.store;
    const of = { repositoryId: this.id };
    return buildRepositoryView({
      repository: this.repository,
      contents: this.contents,
      trust: this.#trust(),
      environments: this.environments.views(),
      promotions: promotions.list({ ...of, limit: shownPromotions }),
      summaries: promotions.summaries({ ...of, limit: reachedPromotions }),
    });
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

  /** The newest releases, or the newest of those that hold every word of a text. */
  listReleases(wanted: { readonly text?: string; readonly limit: number }): Result<'release.list'> {
    const found = findReleases(this.contents.releases, wanted.text ?? '');
    const { promotions } = this.#options.store;
    const views = buildReleaseViews({
      releases: found.slice(0, wanted.limit),
      environments: this.environments.views(),
      summaries: promotions.summaries({ repositoryId: this.id, limit: reachedPromotions }),
    });
    return { releases: views, total: found.length };
  }

  /** What changed between what runs in an environment and a release. */
  async compareRelease(options: {
    readonly version: string;
    readonly environment: string;
    readonly signal: AbortSignal;
  }): Promise<Result<'release.compare'>> {
    const { contents, environments } = this;
    const release = contents.lookUpRelease(options.version);
    if (!release) {
      throw new SlipwayError('unknownRelease', `There is no release "${options.version}".`);
    }
    const running = environments.get(options.environment).view().running[0]?.version;
    const from = running === undefined ? undefined : contents.lookUpRelease(running)?.commit;
    const { commits, direction, total } = await contents.compareCommits(from, release.commit);
    return { commits: [...commits], direction, total, ...(from === undefined ? {} : { from }) };
  }

  /** Takes a moved tag's new commit as right. Throws `movedTag` when it has moved again. */
  async acceptMovedTag(options: {
    readonly version: string;
    readonly commit: string;
    readonly person: string;
  }): Promise<void> {
    const release = this.contents.lookUpRelease(options.version);
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

  /** Ends every watch. */
  dispose(): void {
    this.#watch?.dispose();
    this.environments.dispose();
  }

  /** A push or a fetch of the person's own shows as a changed ref: the origin may have moved on with it. */
  async #follow(change: RepositoryChange): Promise<void> {
    await this.refresh('local');
    if (change.refs) {
      await this.catchUp();
    }
  }

  async #refresh(reach: RefreshReach): Promise<void> {
    const changed = await this.contents.refresh(reach);
    this.environments.define(this.contents.policy?.procedure, this.contents.releases);
    if (changed) {
      this.#options.onRepositoryChanged(this);
    }
  }

  #trust(): Trust {
    const commands = this.contents.policy?.procedure?.commands ?? [];
    return decideTrust(commands, this.#options.store.records.trust.get(this.id)?.commands);
  }

  readonly #report = (error: unknown): void => {
    this.#options.log(`refresh of ${this.repository.folder}: ${String(error)}`);
  };
}
