import { SlipwayError } from '../protocol/errors.ts';
import type { JournalEventView } from '../protocol/journal.ts';
import type {
  NotificationName,
  NotificationParams,
  Params,
  RequestName,
  Result,
} from '../protocol/messages.ts';
import type { RepositoryView } from '../protocol/repository.ts';
import type { GreetedClient } from './connectDaemon.ts';
import type { ClientClosed, DaemonClient, RequestOptions } from './daemonClient.ts';
import { NotificationListeners } from './notificationListeners.ts';

/** What happens to the connection, in order. */
export type DurableEvent =
  | { readonly type: 'connecting' }
  | { readonly type: 'connected'; readonly hello: Result<'session.hello'> }
  | { readonly type: 'lost'; readonly closed: ClientClosed }
  | { readonly type: 'attemptFailed'; readonly error: unknown; readonly retryInMs: number };

/** What a durable client needs. */
export type DurableClientOptions = {
  /** Finds or starts a daemon and greets it. */
  readonly connect: () => Promise<GreetedClient>;
  readonly onEvent: (event: DurableEvent) => void;
  /** Called with what went wrong beside the connection: a repository that could not be opened again. */
  readonly onProblem: (problem: string) => void;
  /** Waits between attempts, in milliseconds; doubled from the first to the longest. */
  readonly backoff?: { readonly firstMs: number; readonly longestMs: number };
};

/** Follows the journal. */
export type JournalFollower = {
  /** The last event that the listener has seen; `head` = only what comes from now on. */
  readonly since: number | 'head';
  /** Called for every later event, each once and in order, whatever happens to the connection. */
  readonly onEvent: (event: JournalEventView) => void;
  /** Called when the journal is another one than before and is told from its beginning. */
  readonly onReset: () => void;
};

/** A client that outlives its connection: it reconnects, opens its repositories again and misses no event. */
export class DurableClient {
  readonly #options: DurableClientOptions;
  readonly #listeners = new NotificationListeners(problem => this.#report(problem));
  /** Folder by repository id. */
  readonly #folders = new Map<string, string>();
  #onReopened: (view: RepositoryView) => void = () => {};
  #greeted: GreetedClient | undefined;
  #waiting = Promise.withResolvers<DaemonClient>();
  #follower: JournalFollower | undefined;
  #lastSequence: number | undefined;
  #failures = 0;
  #hurry: () => void = () => {};
  #disposed = false;

  constructor(options: DurableClientOptions) {
    this.#options = options;
  }

  /** Begins to connect, and goes on until it is disposed. */
  start(): void {
    void this.#run();
  }

  /** Ends the wait before the next attempt. */
  retryNow(): void {
    this.#failures = 0;
    this.#hurry();
  }

  /**
   * Sends a request when the connection stands, waiting for it no longer than the request's own time limit.
   * A request that was on its way when the connection ended is not sent again: it throws `disconnected`.
   */
  async request<M extends RequestName>(
    method: M,
    params: Params<M>,
    options: RequestOptions = {},
  ): Promise<Result<M>> {
    const { timeoutMs = 60_000 } = options;
    const begun = performance.now();
    const client = this.#greeted?.client ?? (await this.#waitForClient(method, timeoutMs, options.signal));
    return client.request(method, params, {
      ...options,
      timeoutMs: Math.max(1, timeoutMs - (performance.now() - begun)),
    });
  }

  /** Calls the listener for each notification of that name, over all connections; returns how to stop. */
  onNotification<N extends NotificationName>(
    name: N,
    listener: (params: NotificationParams<N>) => void,
  ): () => void {
    const isForwarded = this.#listeners.names.includes(name);
    const stop = this.#listeners.add(name, listener);
    if (!isForwarded && this.#greeted) {
      this.#forward(this.#greeted.client, name);
    }
    return stop;
  }

  /** Opens a repository, and again after each reconnect: the listener of `onReopened` gets its new state. */
  async openRepository(folder: string, options: RequestOptions = {}): Promise<RepositoryView> {
    const view = await this.request('repository.open', { folder }, options);
    this.#folders.set(view.id, folder);
    return view;
  }

  /** Ends the changes of a repository. */
  async closeRepository(repositoryId: string): Promise<void> {
    this.#folders.delete(repositoryId);
    await this.request('repository.close', { repositoryId });
  }

  /** Sets who gets a repository's state after a reconnect. */
  onReopened(listener: (view: RepositoryView) => void): void {
    this.#onReopened = listener;
  }

  /** Follows the journal from now on; throws an Error for a second follower. */
  followJournal(follower: JournalFollower): void {
    if (this.#follower) {
      throw new Error('the journal has a follower already');
    }
    this.#follower = follower;
    this.#lastSequence = follower.since === 'head' ? undefined : follower.since;
    if (this.#greeted) {
      void this.#subscribe(this.#greeted);
    }
  }

  /** Ends the connection and every attempt. */
  dispose(): void {
    this.#disposed = true;
    this.#hurry();
    this.#refuse();
    this.#greeted?.client.close();
  }

  async #run(): Promise<void> {
    while (!this.#disposed) {
      this.#options.onEvent({ type: 'connecting' });
      try {
        const greeted = await this.#options.connect();
        if (this.#disposed) {
          greeted.client.close();
          return;
        }
        await this.#live(greeted);
      } catch (error) {
        await this.#pause(retryInMs => this.#options.onEvent({ type: 'attemptFailed', error, retryInMs }));
      }
    }
  }

  /** Resolves when the connection has ended. */
  async #live(greeted: GreetedClient): Promise<void> {
    const begun = performance.now();
    const ended = new Promise<ClientClosed>(resolve => greeted.client.onClosed(resolve));
    greeted.client.onProblem = this.#options.onProblem;
    this.#greeted = greeted;
    for (const name of this.#listeners.names) {
      this.#forward(greeted.client, name);
    }
    this.#options.onEvent({ type: 'connected', hello: greeted.hello });
    this.#waiting.resolve(greeted.client);
    void this.#subscribe(greeted);
    void this.#reopen(greeted.client);
    const closed = await ended;
    this.#greeted = undefined;
    this.#waiting = Promise.withResolvers<DaemonClient>();
    if (this.#disposed) {
      this.#refuse();
      return;
    }
    this.#options.onEvent({ type: 'lost', closed });
    if (performance.now() - begun > 10_000) {
      this.#failures = 0;
    } else {
      // A daemon that dies at once again and again must not be started in a tight loop.
      await this.#pause(() => {});
    }
  }

  #refuse(): void {
    this.#waiting.promise.catch(() => {});
    this.#waiting.reject(new SlipwayError('disconnected', 'This window no longer talks to the daemon.'));
  }

  async #pause(tell: (retryInMs: number) => void): Promise<void> {
    const { firstMs, longestMs } = this.#options.backoff ?? { firstMs: 100, longestMs: 30_000 };
    const retryInMs = Math.min(longestMs, firstMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 20);
    if (this.#disposed) {
      return;
    }
    tell(retryInMs);
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, retryInMs);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #subscribe({ client, hello }: GreetedClient): Promise<void> {
    const follower = this.#follower;
    if (!follower) {
      return;
    }
    if (this.#lastSequence !== undefined && this.#lastSequence > hello.head) {
      this.#lastSequence = 0;
      follower.onReset();
    }
    this.#lastSequence ??= hello.head;
    client.onNotification('journal.appended', ({ events }) => {
      for (const event of events) {
        this.#follow(client, follower, event);
      }
    });
    try {
      await client.request('session.subscribe', { since: this.#lastSequence });
    } catch (error) {
      this.#report(`The journal could not be followed: ${describe(error)}`);
      client.close();
    }
  }

  #follow(client: DaemonClient, follower: JournalFollower, event: JournalEventView): void {
    if (client !== this.#greeted?.client || event.sequence <= (this.#lastSequence ?? 0)) {
      return;
    }
    this.#lastSequence = event.sequence;
    try {
      follower.onEvent(event);
    } catch (error) {
      this.#report(`The follower of the journal failed at event ${event.sequence}: ${describe(error)}`);
    }
  }

  async #reopen(client: DaemonClient): Promise<void> {
    for (const [id, folder] of [...this.#folders]) {
      try {
        const view = await client.request('repository.open', { folder });
        if (view.id !== id) {
          this.#folders.delete(id);
          this.#folders.set(view.id, folder);
        }
        this.#onReopened(view);
      } catch (error) {
        this.#report(`${folder} could not be opened again: ${describe(error)}`);
      }
    }
  }

  #forward(client: DaemonClient, name: NotificationName): void {
    client.onNotification(name, params => this.#listeners.tell(name, params));
  }

  async #waitForClient(
    method: string,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<DaemonClient> {
    const { promise: given, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new SlipwayError('timedOut', `${method} waited ${timeoutMs} ms for the daemon.`)),
      timeoutMs,
    );
    const onAbort = () => reject(new SlipwayError('cancelled', `${method} was cancelled.`));
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([this.#waiting.promise, given]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #report(problem: string): void {
    if (!this.#disposed) {
      this.#options.onProblem(problem);
    }
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
