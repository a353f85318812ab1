import type { Dispatcher } from 'undici';
import { SlipwayError } from '../protocol/errors.ts';
import { buildDispatcher } from './buildDispatcher.ts';
import type { ChosenProxy } from './chooseProxy.ts';
import type { ClusterAccess } from './clusterAccess.ts';
import {
  type ClusterAnswer,
  isCut,
  isOfStranger,
  mayRepeatAfter,
  pause,
  readAnswerError,
  readAnswerText,
  untilAborted,
} from './clusterAnswer.ts';
import type { AskedRequest } from './clusterError.ts';
import { buildHeaders, buildUrl, type ClusterRequest, isRepeatable } from './clusterRequest.ts';
import { CurrentAccess, type CurrentAccessOptions } from './currentAccess.ts';
import { buildNetworkError, buildStrangerError } from './networkError.ts';
import { optional } from './optional.ts';

/** What a connection needs from around it. */
export type ClusterConnectionOptions = Omit<CurrentAccessOptions, 'now'> & {
  readonly context: string;
  readonly userAgent: string;
  readonly now?: () => number;
};

const defaultTimeoutMs = 10_000;
const defaultMaxBytes = 32 * 1024 * 1024;

/**
 * The way to one cluster through one kubeconfig context: one pool of connections, which follows changes of the
 * kubeconfig and of the credentials. Nothing is contacted before the first request. Every failure is a ClusterError.
 */
export class ClusterConnection {
  readonly context: string;
  readonly #options: ClusterConnectionOptions;
  readonly #now: () => number;
  readonly #access: CurrentAccess;
  #transport: { readonly key: string; readonly dispatcher: Dispatcher } | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: ClusterConnectionOptions) {
    this.context = options.context;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#access = new CurrentAccess({ ...options, now: this.#now });
  }

  /** Sends a request and returns the text of its answer; a refused login is renewed and tried once more. */
  async send(request: ClusterRequest): Promise<string> {
    await this.#waitForAccess(request.signal);
    const limit = AbortSignal.timeout(request.timeoutMs ?? defaultTimeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
    const asked = this.#describe(request);
    const answer = await this.#ask(request, signal);
    try {
      const text = await readAnswerText(asked, answer, request.maxBytes ?? defaultMaxBytes);
      this.#heardAt = this.#now();
      return text;
    } catch (error) {
      throw this.#toError(asked, error, request.signal);
    }
  }

  /** Sends a request whose answer has no end of its own; ends by `signal` or when the cluster ends it. */
  async stream(request: ClusterRequest): Promise<AsyncIterable<Uint8Array>> {
    await this.#waitForAccess(request.signal);
    const start = new AbortController();
    const timer = setTimeout(
      () => start.abort(new DOMException('it did not begin to answer in time', 'TimeoutError')),
      request.timeoutMs ?? defaultTimeoutMs,
    );
    const signal = request.signal ? AbortSignal.any([request.signal, start.signal]) : start.signal;
    try {
      const answer = await this.#ask(request, signal);
      // An aborted body is destroyed with an error even when nobody reads it any more.
      answer.body.on('error', ignore);
      return this.#heed(answer.body);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves when the API server answers at all within `timeoutMs`; throws a ClusterError that says why not. */
  async probe(timeoutMs: number): Promise<void> {
    const request: ClusterRequest = { path: '/readyz' };
    const access = await this.#getAccess();
    const asked = this.#describe(request);
    let answer: ClusterAnswer;
    try {
      answer = await this.#dispatch(access, request, AbortSignal.timeout(timeoutMs));
      answer.body.on('error', ignore);
      await answer.body.dump();
      if (isOfStranger(answer)) {
        throw buildStrangerError(asked);
      }
      if (answer.statusCode >= 500) {
        throw buildNetworkError(asked, new Error(`it says that it is not ready (HTTP ${answer.statusCode})`));
      }
    } catch (error) {
      throw this.#toError(asked, error, undefined);
    }
  }

  /** When the cluster was heard last, on any of the connections, in milliseconds since 1970. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** The same for every context of one cluster; reads the kubeconfig, and runs a credential plugin where needed. */
  async readClusterKey(): Promise<string> {
    return (await this.#getAccess()).clusterKey;
  }

  /** Reads the kubeconfig now, goes by what it says from now on, and returns its text. */
  async rereadKubeconfig(): Promise<string> {
    this.#requireOpen();
    return await this.#access.reread();
  }

  /** The kubeconfig that it goes by at present, whatever the files say by now; absent before the first request. */
  get knownKubeconfig(): string | undefined {
    return this.#access.kubeconfig;
  }

  /** The address of the API server, as far as it is known. */
  get server(): string {
    return this.#access.server;
  }

  /** The proxy on the way to it, where one is known of. */
  get proxy(): ChosenProxy | undefined {
    return this.#access.proxy;
  }

  /** Lets the next requests open new connections, after a sleep or an outage; what is under way may end. */
  reset(): void {
    this.#transport?.dispatcher.close().catch(ignore);
    this.#transport = undefined;
    this.#access.doubt();
  }

  /** Cuts every connection for good. */
  close(): void {
    this.#closed = true;
    this.#transport?.dispatcher.destroy().catch(ignore);
    this.#transport = undefined;
  }

  /** A login may wait for a person for minutes: that is not the time which the cluster has for its answer. */
  async #waitForAccess(signal: AbortSignal | undefined): Promise<void> {
    const access = this.#getAccess();
    await (signal ? untilAborted(access, signal) : access);
  }

  async *#heed(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of body) {
      this.#heardAt = this.#now();
      yield chunk;
    }
  }

  async #ask(request: ClusterRequest, signal: AbortSignal): Promise<ClusterAnswer> {
    let renewed = false;
    let repeated = false;
    for (;;) {
      const access = await this.#getAccess();
      const asked = this.#describe(request);
      try {
        const answer = await this.#dispatch(access, request, signal);
        if (isOfStranger(answer)) {
          answer.body.on('error', ignore);
          answer.body.destroy();
          throw buildStrangerError(asked);
        }
        if (answer.statusCode < 300) {
          return answer;
        }
        const error = await readAnswerError(asked, answer);
        if (error.kind === 'loginExpired' && !renewed) {
          renewed = true;
          this.#access.refuse(access);
          continue;
        }
        if (!repeated && isRepeatable(request) && mayRepeatAfter(error)) {
          repeated = true;
          await pause(error.retryAfterMs ?? 0, signal);
          continue;
        }
        throw error;
      } catch (error) {
        const ours = this.#toError(asked, error, request.signal);
        // A pooled connection may have been closed by the other side just as it was used again.
        if (!repeated && isRepeatable(request) && isCut(error) && !signal.aborted) {
          repeated = true;
          continue;
        }
        throw ours;
      }
    }
  }

  async #dispatch(
    access: ClusterAccess,
    request: ClusterRequest,
    signal: AbortSignal,
  ): Promise<ClusterAnswer> {
    const dispatcher = await this.#getDispatcher(access);
    const url = buildUrl(access.server, request);
    const answer = dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method ?? 'GET',
      headers: buildHeaders(access, request, this.#options.userAgent),
      body: request.body ?? null,
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    // undici does not heed the signal of a request that waits for its connection.
    return await untilAborted(answer, signal);
  }

  async #getDispatcher(access: ClusterAccess): Promise<Dispatcher> {
    if (this.#transport?.key !== access.transportKey) {
      const dispatcher = await buildDispatcher(access);
      // Another request may have been faster, or have closed the connection.
      if (this.#closed) {
        dispatcher.destroy().catch(ignore);
        throw this.#buildClosedError();
      }
      if (this.#transport?.key === access.transportKey) {
        dispatcher.destroy().catch(ignore);
      } else {
        // What still runs on the old pool may end there.
        this.#transport?.dispatcher.close().catch(ignore);
        this.#transport = { key: access.transportKey, dispatcher };
      }
    }
    return this.#transport.dispatcher;
  }

  async #getAccess(): Promise<ClusterAccess> {
    this.#requireOpen();
    return await this.#access.get();
  }

  #requireOpen(): void {
    if (this.#closed) {
      throw this.#buildClosedError();
    }
  }

  #buildClosedError(): SlipwayError {
    return new SlipwayError('cancelled', `The connection to "${this.context}" was closed.`);
  }

  #describe(request: ClusterRequest): AskedRequest {
    return {
      context: this.context,
      server: this.server,
      method: request.method ?? 'GET',
      path: request.path,
      ...optional('proxy', this.proxy),
    };
  }

  #toError(asked: AskedRequest, error: unknown, signal: AbortSignal | undefined): SlipwayError {
    if (error instanceof SlipwayError) {
      return error;
    }
    if (signal?.aborted) {
      return new SlipwayError('cancelled', `${asked.method} ${asked.path} was cancelled.`, { cause: error });
    }
    this.#access.doubt();
    return buildNetworkError(asked, error);
  }
}

function ignore(): void {
  // The request that used it has been told.
}
