import { type CancellationToken, createMessageConnection, type MessageConnection } from 'vscode-jsonrpc/node';
import type { WebSocket } from 'ws';
import type { ClientSession } from '../handlers/requestContext.ts';
import type { JournalSource } from '../handlers/services.ts';
import { type CloseReason, closeCodes } from '../protocol/closeCodes.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { JournalEventView } from '../protocol/journal.ts';
import { type NotificationName, type NotificationParams, notifications } from '../protocol/messages.ts';
import { startHeartbeat } from '../protocol/transport/heartbeat.ts';
import { buildTransport } from '../protocol/transport/webSocketTransport.ts';
import { parseClientMessage } from './clientMessage.ts';
import type { Dispatch } from './dispatch.ts';
import { buildErrorReply } from './errorReply.ts';
import { startJournalFeed } from './journalFeed.ts';
import type { Limits } from './limits.ts';
import type { Log } from './logFile.ts';
import { buildSnapshotQueue } from './snapshotQueue.ts';

/** What a session needs. */
export type SessionOptions = {
  readonly id: string;
  readonly socket: WebSocket;
  readonly dispatch: Dispatch;
  readonly journal: JournalSource;
  readonly limits: Limits;
  readonly log: Log;
};

/** One client from its handshake to its end. */
export class Session implements ClientSession {
  readonly id: string;
  readonly openedRepositories = new Set<string>();
  answersLogins = false;
  readonly #options: SessionOptions;
  readonly #connection: MessageConnection;
  readonly #snapshots = buildSnapshotQueue<() => Promise<void>>(send => send());
  readonly #helloLimit: NodeJS.Timeout;
  readonly #onClosed = new Set<() => void>();
  readonly #inFlight = new Set<AbortController>();
  #pending = 0;
  #greeted = false;
  #follows = false;
  #closed = false;

  constructor(options: SessionOptions) {
    const { socket, limits, log } = options;
    this.id = options.id;
    this.#options = options;
    const { reader, writer } = buildTransport(socket, {
      accept: value => this.#accept(value),
      queueBytes: limits.queueBytes,
      onUnreadable: reason => this.close('unreadable', reason),
      onOverflow: () => this.close('tooSlow', 'This client reads too slowly.'),
    });
    this.#connection = createMessageConnection(reader, writer, silentLogger, {
      maxParallelism: limits.parallelRequests,
    });
    this.#connection.onRequest((method, params, token) => this.#answer(method, params, token));
    // A reply to a client that has just gone cannot be written; its close says so already.
    this.#connection.onError(() => {});
    socket.on('error', error => log.warn('a client broke a rule', { session: this.id, ...named(error) }));
    socket.once('close', (code: number) => this.#end(code));
    this.#helloLimit = setTimeout(
      () => this.close('helloMissing', 'session.hello did not come.'),
      limits.helloMs,
    );
    const heartbeat = startHeartbeat(socket, limits.heartbeatMs, () =>
      this.close('silent', 'Pings were not answered.'),
    );
    this.onClosed(() => clearTimeout(this.#helloLimit));
    this.onClosed(heartbeat.dispose);
    this.#connection.listen();
  }

  send<N extends NotificationName>(name: N, params: NotificationParams<N>): Promise<void> {
    try {
      return this.#sendChecked(name, params);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  sendLatest<N extends NotificationName>(key: string, name: N, params: NotificationParams<N>): void {
    this.#snapshots.push(key, () => this.send(name, params));
  }

  followJournal(since: number): void {
    if (this.#follows) {
      throw new SlipwayError('badRequest', 'This session follows the journal already.');
    }
    this.#follows = true;
    const feed = startJournalFeed({
      source: this.#options.journal,
      since,
      // The schema takes from an entry what travels, and checks that its payload is JSON.
      send: events => this.send('journal.appended', { events: [...events] as JournalEventView[] }),
      onFailed: error => {
        this.#options.log.error('the journal feed failed', { session: this.id, ...named(error) });
        this.close('internal', 'The journal could not be sent.');
      },
    });
    this.onClosed(feed.dispose);
  }

  onClosed(listener: () => void): () => void {
    if (this.#closed) {
      listener();
      return () => {};
    }
    this.#onClosed.add(listener);
    return () => this.#onClosed.delete(listener);
  }

  /** Ends the session: the closing handshake first, and the socket itself when that takes too long. */
  close(reason: CloseReason, message: string): void {
    const { socket, limits, log } = this.#options;
    if (socket.readyState !== socket.OPEN) {
      return;
    }
    log.info('closing a session', { session: this.id, reason, message });
    // A close frame has room for 123 bytes of text; every message of ours is short ASCII.
    socket.close(closeCodes[reason], message.slice(0, 120));
    const limit = setTimeout(() => socket.terminate(), limits.closeMs);
    this.onClosed(() => clearTimeout(limit));
  }

  #accept(value: unknown) {
    const { kind, message } = parseClientMessage(value);
    const limit = this.#options.limits.pendingRequests;
    if (kind === 'request' && ++this.#pending > limit) {
      this.close('tooManyRequests', `More than ${limit} requests at once.`);
      throw new Error('too many requests');
    }
    return message;
  }

  async #answer(method: string, params: unknown, token: CancellationToken): Promise<unknown> {
    const { dispatch, log } = this.#options;
    const controller = new AbortController();
    const cancel = token.onCancellationRequested(() => controller.abort());
    if (token.isCancellationRequested || this.#closed) {
      controller.abort();
    }
    this.#inFlight.add(controller);
    try {
      const problem = this.#findOrderProblem(method);
      if (problem) {
        throw buildErrorReply(problem, { method, signal: controller.signal, log });
      }
      const result = await dispatch(method, params, { session: this, signal: controller.signal });
      if (method === 'session.hello') {
        this.#greeted = true;
        clearTimeout(this.#helloLimit);
      }
      return result;
    } finally {
      cancel.dispose();
      this.#inFlight.delete(controller);
      this.#pending--;
    }
  }

  // Who speaks another protocol must still be able to ask this daemon to make way, or to leave.
  #findOrderProblem(method: string): SlipwayError | undefined {
    if (this.#greeted) {
      return method === 'session.hello'
        ? new SlipwayError('badRequest', 'session.hello comes once.')
        : undefined;
    }
    return ['session.hello', 'session.retire', 'session.leave'].includes(method)
      ? undefined
      : new SlipwayError('badRequest', `The first request must be session.hello, not ${method}.`);
  }

  #sendChecked<N extends NotificationName>(name: N, params: NotificationParams<N>): Promise<void> {
    if (this.#closed) {
      throw new SlipwayError('disconnected', `The session has ended: ${name} was not sent.`);
    }
    const checked = notifications[name].params.safeParse(params);
    if (!checked.success) {
      this.#options.log.error('a notification does not fit its schema', { name, ...named(checked.error) });
      throw new Error(`${name} does not fit its schema`, { cause: checked.error });
    }
    return this.#connection.sendNotification(name, checked.data);
  }

  #end(code: number): void {
    this.#closed = true;
    this.#options.log.info('a session ended', { session: this.id, code });
    for (const controller of this.#inFlight) {
      controller.abort();
    }
    for (const listener of this.#onClosed) {
      try {
        listener();
      } catch (error) {
        this.#options.log.error('a listener failed', { session: this.id, ...named(error) });
      }
    }
    this.#onClosed.clear();
    this.#connection.dispose();
  }
}

const silentLogger = { error: () => {}, warn: () => {}, info: () => {}, log: () => {} };

function named(error: unknown): { readonly message: string } {
  return { message: error instanceof Error ? error.message : String(error) };
}
