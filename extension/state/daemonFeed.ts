import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import type { DaemonPort } from './daemonPort.ts';
import type { DaemonState } from './daemonState.ts';
import { readFailure } from './readFailure.ts';
import type { ReleaseStore } from './releaseStore.ts';

/** The connection as the feed needs it. */
export type FeedConnection = DaemonPort & {
  readonly state: DaemonState;
  onDidChangeState(listener: (state: DaemonState) => void): () => void;
  openRepository(folder: string): Promise<RepositoryView>;
  onReopened(listener: (repository: RepositoryView) => void): void;
};

/** Keeps the store equal to what the daemon says: opens the folders' repositories and hears their changes. */
export class DaemonFeed {
  readonly #connection: FeedConnection;
  readonly #store: ReleaseStore;
  readonly #ends: readonly (() => void)[];
  readonly #opening = new Set<string>();
  #disposed = false;

  constructor(connection: FeedConnection, store: ReleaseStore) {
    this.#connection = connection;
    this.#store = store;
    this.#ends = [
      connection.on('repository.changed', ({ repository }) =>
        store.apply({ type: 'repositoryChanged', repository }),
      ),
      connection.on('environment.changed', change => store.apply({ type: 'environmentChanged', ...change })),
      connection.on('promotion.changed', change => store.apply({ type: 'promotionChanged', ...change })),
      connection.on('login.asked', login => store.apply({ type: 'loginAsked', login })),
      connection.on('login.ended', ({ id }) => store.apply({ type: 'loginEnded', id })),
      connection.onDidChangeState(state => this.#onState(state)),
    ];
    connection.onReopened(repository => store.apply({ type: 'repositoryChanged', repository }));
    this.#onState(connection.state);
  }

  /** Says which folders the window has; opens the new ones. */
  openFolders(folders: readonly string[]): void {
    this.#store.apply({ type: 'foldersChanged', folders });
    void this.openMissing();
  }

  /** Opens the folders whose repository is not known, those that failed before too; resolves when all have answered. */
  async openMissing(): Promise<void> {
    if (this.#connection.state.state === 'connected') {
      const missing = this.#store.state.folders.filter(folder => folder.repositoryId === undefined);
      await Promise.all(missing.map(({ folder }) => this.#open(folder)));
    }
  }

  /** Asks for every repository's whole state. */
  async reopen(): Promise<void> {
    await Promise.all(this.#store.state.folders.map(({ folder }) => this.#open(folder)));
  }

  dispose(): void {
    this.#disposed = true;
    for (const end of this.#ends) {
      end();
    }
  }

  #onState(state: DaemonState): void {
    this.#store.apply({ type: 'daemonChanged', daemon: state });
    void this.openMissing();
    if (state.state === 'connected') {
      void this.#listLogins();
    }
  }

  /** Tells the daemon, too, that a person is here who can answer a login. */
  async #listLogins(): Promise<void> {
    const listed = await this.#connection.request('login.list', {}).catch(() => undefined);
    if (listed && !this.#disposed) {
      this.#store.apply({ type: 'loginsListed', logins: listed.logins });
    }
  }

  async #open(folder: string): Promise<void> {
    if (this.#opening.has(folder)) {
      return;
    }
    this.#opening.add(folder);
    try {
      const repository = await this.#connection.openRepository(folder);
      if (!this.#disposed) {
        this.#store.apply({ type: 'folderOpened', folder, repository });
      }
    } catch (error) {
      // Without a connection there is nothing to say of the folder: the next one opens it.
      if (!this.#disposed && this.#connection.state.state === 'connected') {
        this.#store.apply({ type: 'folderFailed', folder, problem: readFailure(error) });
      }
    } finally {
      this.#opening.delete(folder);
    }
  }
}
