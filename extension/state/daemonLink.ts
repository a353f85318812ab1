import { setImmediate as turn } from 'node:timers/promises';
import type {
  NotificationName,
  NotificationParams,
  Params,
  RequestName,
  Result,
} from '../../daemon/protocol/messages.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import type { DaemonConnection } from '../connection/daemonConnection.ts';
import type { CallOptions, DaemonPort } from './daemonPort.ts';
import { buildDaemonState, buildFailedState, type DaemonState } from './daemonState.ts';
import { Emitter } from './emitter.ts';
import { readFailure } from './readFailure.ts';

/** The connection, loaded at first use so that activation stays quick; requests wait until it is there. */
export class DaemonLink implements DaemonPort {
  readonly #log: (sentence: string) => void;
  readonly #states: Emitter<DaemonState>;
  readonly #connection = Promise.withResolvers<DaemonConnection>();
  #opened: DaemonConnection | undefined;
  #state: DaemonState = { state: 'starting' };
  #disposed = false;

  constructor(options: {
    readonly log: (sentence: string) => void;
    readonly onError: (error: unknown) => void;
  }) {
    this.#log = options.log;
    this.#states = new Emitter(options.onError);
    // Whoever asks hears of the failure; nobody asking is no failure.
    this.#connection.promise.catch(() => {});
  }

  get state(): DaemonState {
    return this.#state;
  }

  /** Loads and starts the connection; never throws: the state says what went wrong. */
  async start(load: () => Promise<DaemonConnection>): Promise<void> {
    try {
      // Activation is over first: what is loaded here must not be part of it.
      await turn();
      const connection = await load();
      if (this.#disposed) {
        connection.dispose();
        return;
      }
      this.#opened = connection;
      connection.onStateChanged(state =>
        this.#setState(buildDaemonState(this.#state, state, new Date().toISOString())),
      );
      this.#connection.resolve(connection);
      connection.start();
    } catch (error) {
      this.#connection.reject(error);
      this.#setState(buildFailedState(readFailure(error), new Date().toISOString()));
    }
  }

  /** Hears each change of the state; returns how to stop hearing. */
  onDidChangeState(listener: (state: DaemonState) => void): () => void {
    return this.#states.on(listener);
  }

  async request<M extends RequestName>(
    method: M,
    params: Params<M>,
    options?: CallOptions,
  ): Promise<Result<M>> {
    const connection = await this.#connection.promise;
    return connection.request(method, params, options);
  }

  on<N extends NotificationName>(name: N, listener: (params: NotificationParams<N>) => void): () => void {
    let stop = () => {};
    let stopped = false;
    this.#connection.promise.then(
      connection => {
        if (!stopped) {
          const { dispose } = connection.onNotification(name, listener);
          stop = dispose;
        }
      },
      () => {},
    );
    return () => {
      stopped = true;
      stop();
    };
  }

  /** Opens a repository now and after each reconnect. */
  async openRepository(folder: string): Promise<RepositoryView> {
    return (await this.#connection.promise).openRepository(folder);
  }

  /** Hears a repository's whole state after a reconnect. */
  onReopened(listener: (repository: RepositoryView) => void): void {
    this.#connection.promise.then(
      connection => connection.onReopened(listener),
      () => {},
    );
  }

  /** Replaces the running daemon; rejects while a promotion runs. */
  async restart(): Promise<void> {
    await (await this.#connection.promise).restart();
  }

  /** Ends this window's connection; the daemon goes on. */
  dispose(): void {
    this.#disposed = true;
    this.#opened?.dispose();
  }

  #setState(state: DaemonState): void {
    if (!this.#disposed) {
      this.#log(`daemon: ${JSON.stringify(state)}`);
      this.#state = state;
      this.#states.emit(state);
    }
  }
}
