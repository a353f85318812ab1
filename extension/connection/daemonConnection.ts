import type { ClientIdentity, GreetedClient } from '../../daemon/client/connectDaemon.ts';
import type { RequestOptions } from '../../daemon/client/daemonClient.ts';
import { DurableClient, type JournalFollower } from '../../daemon/client/durableClient.ts';
import { findDaemon } from '../../daemon/client/findDaemon.ts';
import { reachDaemon } from '../../daemon/client/reachDaemon.ts';
import { type SpawnedDaemon, type SpawnRequest, startDaemon } from '../../daemon/client/startDaemon.ts';
import { SlipwayError } from '../../daemon/protocol/errors.ts';
import type {
  NotificationName,
  NotificationParams,
  Params,
  RequestName,
  Result,
} from '../../daemon/protocol/messages.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import {
  type ConnectionAction,
  type ConnectionState,
  connectionSentences,
  reduceConnection,
} from './connectionState.ts';
import { cleanDaemonPrograms, prepareDaemonProgram } from './daemonProgram.ts';

/** What the connection needs. */
export type DaemonConnectionOptions = {
  readonly stateFolder: string;
  /** Who connects; its version decides which daemon is newest. */
  readonly identity: ClientIdentity;
  /** The daemon's program as the extension brought it along. */
  readonly programSource: string;
  readonly env: Readonly<Record<string, string>>;
  readonly spawn: (request: SpawnRequest) => SpawnedDaemon;
  /** Gets sentences for the extension's log. */
  readonly log: (sentence: string) => void;
  readonly backoff?: { readonly firstMs: number; readonly longestMs: number };
  /** How often an older daemon that was kept is asked again to make way, in milliseconds; default 10 s. */
  readonly replaceMs?: number;
};

/** This window's connection: finds or starts the daemon, starts it again when it dies, and says how it stands. */
export class DaemonConnection {
  readonly #options: DaemonConnectionOptions;
  readonly #durable: DurableClient;
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  #state: ConnectionState = { kind: 'disconnected' };
  #keptOlder: string | undefined;
  #replaceTimer: NodeJS.Timeout | undefined;

  constructor(options: DaemonConnectionOptions) {
    this.#options = options;
    this.#durable = new DurableClient({
      connect: () => this.#connect(),
      onEvent: event => this.#apply(event),
      onProblem: options.log,
      ...(options.backoff === undefined ? {} : { backoff: options.backoff }),
    });
  }

  /** How this window stands with the daemon now. */
  get state(): ConnectionState {
    return this.#state;
  }

  /** Begins to connect. */
  start(): void {
    this.#durable.start();
  }

  /** Calls the listener after each change of the state. */
  onStateChanged(listener: (state: ConnectionState) => void): { readonly dispose: () => void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Sends a request; waits for the connection no longer than the request's time limit. */
  request<M extends RequestName>(method: M, params: Params<M>, options?: RequestOptions): Promise<Result<M>> {
    return this.#durable.request(method, params, options);
  }

  /** Calls the listener for each notification of that name, over reconnects. */
  onNotification<N extends NotificationName>(
    name: N,
    listener: (params: NotificationParams<N>) => void,
  ): { readonly dispose: () => void } {
    return { dispose: this.#durable.onNotification(name, listener) };
  }

  /** Opens a repository, and again after each reconnect. */
  openRepository(folder: string, options?: RequestOptions): Promise<RepositoryView> {
    return this.#durable.openRepository(folder, options);
  }

  /** Ends the changes of a repository. */
  closeRepository(repositoryId: string): Promise<void> {
    return this.#durable.closeRepository(repositoryId);
  }

  /** Sets who gets a repository's whole state after a reconnect. */
  onReopened(listener: (view: RepositoryView) => void): void {
    this.#durable.onReopened(listener);
  }

  /** Follows the journal: every event once, whatever happens to the connection. */
  followJournal(follower: JournalFollower): void {
    this.#durable.followJournal(follower);
  }

  /** Replaces the running daemon; throws SlipwayError `locked` while a promotion runs. */
  async restart(): Promise<void> {
    if (this.#state.kind === 'connected') {
      const { version } = this.#options.identity;
      const answer = await this.#durable.request('session.retire', { version }, { timeoutMs: 5_000 });
      if (!answer.retiring) {
        throw new SlipwayError('locked', answer.reason, {
          next: connectionSentences.waitForPromotion,
        });
      }
    }
    this.#apply({ type: 'restarting' });
    this.#durable.retryNow();
  }

  /** Ends this window's connection; the daemon goes on. */
  dispose(): void {
    clearInterval(this.#replaceTimer);
    this.#durable.dispose();
    this.#apply({ type: 'disposed' });
    this.#listeners.clear();
  }

  async #connect(): Promise<GreetedClient> {
    const { stateFolder, identity, programSource, env, spawn } = this.#options;
    this.#keptOlder = undefined;
    const greeted = await reachDaemon({
      stateFolder,
      identity,
      onKeptOlder: reason => {
        this.#keptOlder = reason;
      },
      start: async () => {
        const program = await prepareDaemonProgram({
          stateFolder,
          source: programSource,
          version: identity.version,
        });
        return startDaemon({ stateFolder, program, env, spawn });
      },
    });
    void this.#clean();
    this.#replaceLater();
    return greeted;
  }

  // An older daemon makes way when its promotion has ended; its closing then leads to a newer one.
  #replaceLater(): void {
    clearInterval(this.#replaceTimer);
    if (this.#keptOlder === undefined) {
      return;
    }
    const { identity, replaceMs = 10_000, log } = this.#options;
    this.#replaceTimer = setInterval(() => {
      this.#durable
        .request('session.retire', { version: identity.version })
        .then(({ retiring, reason }) => retiring && log(reason))
        .catch(() => {});
    }, replaceMs);
  }

  async #clean(): Promise<void> {
    const lookup = findDaemon(this.#options.stateFolder);
    if (lookup.state === 'found') {
      const inUse = [lookup.discovery.program];
      await cleanDaemonPrograms({ stateFolder: this.#options.stateFolder, inUse }).catch((error: unknown) =>
        this.#options.log(`Old copies of the daemon were not cleaned: ${String(error)}`),
      );
    }
  }

  #apply(action: ConnectionAction): void {
    const next = reduceConnection(this.#state, action);
    const noticed =
      action.type === 'connected' && this.#keptOlder !== undefined
        ? reduceConnection(next, { type: 'keptOlder', reason: this.#keptOlder })
        : next;
    if (noticed === this.#state) {
      return;
    }
    this.#state = noticed;
    for (const listener of this.#listeners) {
      listener(noticed);
    }
  }
}
