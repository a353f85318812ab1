import {
  CancellationTokenSource,
  createMessageConnection,
  ErrorCodes,
  type Message,
  type MessageConnection,
  ResponseError,
} from 'vscode-jsonrpc/node';
import type { WebSocket } from 'ws';
import { type CloseReason, maxRequestBytes, parseCloseReason } from '../protocol/closeCodes.ts';
import { errorDataSchema, SlipwayError } from '../protocol/errors.ts';
import {
  type NotificationName,
  type NotificationParams,
  notifications,
  type Params,
  type RequestName,
  type Result,
  requests,
} from '../protocol/messages.ts';
import { startHeartbeat } from '../protocol/transport/heartbeat.ts';
import { buildTransport } from '../protocol/transport/webSocketTransport.ts';
import { NotificationListeners } from './notificationListeners.ts';

/** How long a request may take. */
export type RequestOptions = {
  readonly signal?: AbortSignal;
  /** Default 60 s. */
  readonly timeoutMs?: number;
};

/** Why a connection ended. */
export type ClientClosed = {
  /** What the daemon said; absent when it just went away. */
  readonly reason?: CloseReason;
  readonly code: number;
  readonly message: string;
};

/** Times of a client, in milliseconds. */
export type ClientTimes = { readonly heartbeatMs: number; readonly cancelGraceMs: number };

/** The times in use. */
const defaultClientTimes: ClientTimes = { heartbeatMs: 15_000, cancelGraceMs: 2_000 };

/** One connection to a daemon: typed requests, checked at this end too. */
export class DaemonClient {
  readonly #socket: WebSocket;
  readonly #connection: MessageConnection;
  readonly #times: ClientTimes;
  readonly #closedListeners = new Set<(closed: ClientClosed) => void>();
  readonly #listeners = new NotificationListeners(problem => this.onProblem(problem));
  #closed: ClientClosed | undefined;
  /** Called with what the daemon sent against the protocol. */
  onProblem: (problem: string) => void = () => {};

  /** Takes an open WebSocket. */
  constructor(socket: WebSocket, times: ClientTimes = defaultClientTimes) {
    this.#socket = socket;
    this.#times = times;
    const { reader, writer } = buildTransport(socket, {
      accept: value => value as Message,
      queueBytes: maxRequestBytes * 8,
      onUnreadable: reason => this.onProblem(`The daemon sent ${reason}.`),
      onOverflow: () => socket.terminate(),
    });
    this.#connection = createMessageConnection(reader, writer, silentLogger);
    this.#connection.onNotification((method, params) => this.#notify(method, params));
    this.#connection.onError(() => {});
    const heartbeat = startHeartbeat(socket, times.heartbeatMs, () => socket.terminate());
    socket.on('error', error => this.onProblem(error.message));
    socket.once('close', (code: number, text: Buffer) => {
      heartbeat.dispose();
      this.#end(code, text.toString('utf8'));
    });
    this.#connection.listen();
  }

  /**
   * Sends a request; throws SlipwayError: what the daemon said, or `disconnected`, `timedOut`, `cancelled`,
   * `protocolMismatch` for an answer that does not fit its schema, `invalidArgument` for one too large to send.
   */
  async request<M extends RequestName>(
    method: M,
    params: Params<M>,
    { signal, timeoutMs = 60_000 }: RequestOptions = {},
  ): Promise<Result<M>> {
    if (this.#closed) {
      throw buildDisconnected(method, this.#closed);
    }
    if (signal?.aborted) {
      throw new SlipwayError('cancelled', `${method} was cancelled before it was sent.`);
    }
    if (Buffer.byteLength(JSON.stringify(params)) > maxRequestBytes - 1024) {
      throw new SlipwayError('invalidArgument', `${method}: what is sent is larger than 1 MiB.`);
    }
    const result = await this.#exchange(method, params, { signal, timeoutMs });
    const checked = requests[method].result.safeParse(result, parsing);
    if (!checked.success) {
      throw new SlipwayError('protocolMismatch', `The daemon's answer to ${method} does not fit.`, {
        details: { method, problem: checked.error.message },
      });
    }
    return checked.data as Result<M>;
  }

  /** Calls the listener for each notification of that name, in the order they were sent; returns how to stop. */
  onNotification<N extends NotificationName>(
    name: N,
    listener: (params: NotificationParams<N>) => void,
  ): () => void {
    return this.#listeners.add(name, listener);
  }

  /** Calls the listener once when the connection has ended, at once when it already has. */
  onClosed(listener: (closed: ClientClosed) => void): void {
    if (this.#closed) {
      listener(this.#closed);
    } else {
      this.#closedListeners.add(listener);
    }
  }

  /** Ends the connection; pending requests reject. */
  close(): void {
    this.#socket.close(1000);
    const limit = setTimeout(() => this.#socket.terminate(), 1_000);
    this.onClosed(() => clearTimeout(limit));
  }

  async #exchange(
    method: RequestName,
    params: unknown,
    { signal, timeoutMs }: { readonly signal: AbortSignal | undefined; readonly timeoutMs: number },
  ): Promise<unknown> {
    const source = new CancellationTokenSource();
    const { promise: givenUp, reject: giveUp } = Promise.withResolvers<never>();
    const timers: NodeJS.Timeout[] = [];
    // The daemon's own answer is the truth about what a cancelled request did, so it gets a moment to come.
    const cancel = (error: SlipwayError) => {
      source.cancel();
      timers.push(setTimeout(() => giveUp(error), this.#times.cancelGraceMs));
    };
    const onAbort = () => cancel(new SlipwayError('cancelled', `${method} was cancelled.`));
    signal?.addEventListener('abort', onAbort, { once: true });
    let late: SlipwayError | undefined;
    timers.push(
      setTimeout(() => {
        late = new SlipwayError('timedOut', `${method} took longer than ${timeoutMs} ms.`);
        cancel(late);
      }, timeoutMs),
    );
    try {
      return await Promise.race([this.#connection.sendRequest(method, params, source.token), givenUp]);
    } catch (error) {
      const known = this.#readError(method, error);
      throw known.code === 'cancelled' && late ? late : known;
    } finally {
      for (const timer of timers) {
        clearTimeout(timer);
      }
      signal?.removeEventListener('abort', onAbort);
      source.dispose();
    }
  }

  #readError(method: string, error: unknown): SlipwayError {
    if (error instanceof SlipwayError) {
      return error;
    }
    if (!(error instanceof ResponseError) || lostCodes.has(error.code)) {
      return buildDisconnected(method, this.#closed);
    }
    const data = errorDataSchema.safeParse(error.data);
    // A newer daemon may have codes that this end does not know; its words are still worth showing.
    return data.success
      ? new SlipwayError(data.data.code, error.message, { next: data.data.next, details: data.data.details })
      : new SlipwayError('internal', error.message);
  }

  #notify(method: string, params: unknown): void {
    if (!isNotificationName(method)) {
      this.onProblem(`The daemon sent the unknown notification ${method}.`);
      return;
    }
    const checked = notifications[method].params.safeParse(params, parsing);
    if (!checked.success) {
      this.onProblem(`The daemon's ${method} does not fit: ${checked.error.message}`);
      return;
    }
    this.#listeners.tell(method, checked.data);
  }

  #end(code: number, text: string): void {
    const reason = parseCloseReason(code);
    this.#closed = {
      code,
      message: text || 'The daemon went away.',
      ...(reason === undefined ? {} : { reason }),
    };
    // Pending requests would wait for ever: the connection rejects them when it is disposed.
    this.#connection.dispose();
    for (const listener of this.#closedListeners) {
      listener(this.#closed);
    }
    this.#closedListeners.clear();
  }
}

/**
 * A schema is walked: compiled, it would be twice as quick from the second value on (20 µs for 50 releases), but the first
 * answers, for which a window waits, would take four times as long (12 ms instead of 3).
 */
const parsing = { jitless: true };

/** What vscode-jsonrpc says itself when the connection is gone. */
const lostCodes: ReadonlySet<number> = new Set<number>([
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.MessageWriteError,
  ErrorCodes.ConnectionInactive,
]);

function isNotificationName(name: string): name is NotificationName {
  return Object.hasOwn(notifications, name);
}

function buildDisconnected(method: string, closed: ClientClosed | undefined): SlipwayError {
  return new SlipwayError(
    'disconnected',
    `The connection to the daemon ended before ${method} was answered: ${closed?.message ?? 'it went away.'}`,
    { details: { method, ...(closed?.reason === undefined ? {} : { reason: closed.reason }) } },
  );
}

const silentLogger = { error: () => {}, warn: () => {}, info: () => {}, log: () => {} };
