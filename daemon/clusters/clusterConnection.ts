import type { Dispatcher } from 'undici';
import { SlipwayError } from '../protocol/errors.ts';
import { buildDispatcher } from './buildDispatcher.ts';
import { buildClusterAccess, type ClusterAccess } from './clusterAccess.ts';
import {
  type ClusterAnswer,
  isCut,
  mayRepeatAfter,
  pause,
  readAnswerError,
  readAnswerText,
  untilAborted,
} from './clusterAnswer.ts';
import { type AskedRequest, buildNetworkError } from './clusterError.ts';
import type { CredentialPlugins } from './credentialPlugin.ts';

/** What is asked of a cluster. There is no DELETE: Slipway itself deletes nothing. */
export type ClusterRequest = {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  /** From the API server's root: `/api/v1/namespaces/kosmos/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string;
  /** For the whole answer; for a stream, until it begins. Default 10,000. */
  readonly timeoutMs?: number;
  /** The largest answer that is read, in bytes. Default 32 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
};

/** What a connection needs from around it. */
export type ClusterConnectionOptions = {
  readonly context: string;
  /** The minified kubeconfig of the context, read anew. */
  readonly readKubeconfig: () => Promise<string>;
  readonly plugins: CredentialPlugins;
  /** For proxies. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  readonly now?: () => number;
};

const defaultTimeoutMs = 10_000;
const defaultMaxBytes = 32 * 1024 * 1024;
/** After a failure the kubeconfig is read again, but not more often than this. */
const rereadMs = 2_000;

/**
 * The way to one cluster through one kubeconfig context: one pool of connections, which follows changes of the
 * kubeconfig and of the credentials. Nothing is contacted before the first request. Every failure is a ClusterError.
 */
export class ClusterConnection {
  readonly context: string;
  readonly #options: ClusterConnectionOptions;
  readonly #now: () => number;
  #text = '';
  #access: ClusterAccess | undefined;
  #accessInFlight: Promise<ClusterAccess> | undefined;
  #doubted = false;
  #readAt = Number.NEGATIVE_INFINITY;
  #transport: { readonly key: string; readonly dispatcher: Dispatcher } | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: ClusterConnectionOptions) {
    this.context = options.context;
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Sends a request and returns the text of its answer; a refused login is renewed and tried once more. */
  async send(request: ClusterRequest): Promise<string> {
    await this.#waitForAccess(request.signal);
    const limit = AbortSignal.timeout(request.timeoutMs ?? defaultTimeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
    const asked = this.#describe(request);
    const answer = await this.#ask(request, signal);
    try {
      const text = await readAnswerText(answer, request.maxBytes ?? defaultMaxBytes);
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
    await this.#accessInFlight?.catch(ignore);
    this.#doubted = true;
    this.#readAt = Number.NEGATIVE_INFINITY;
    await this.#getAccess();
    return this.#text;
  }

  /** The address of the API server, as far as it is known. */
  get server(): string {
    return this.#access?.server ?? '';
  }

  /** Lets the next requests open new connections, after a sleep or an outage; what is under way may end. */
  reset(): void {
    this.#transport?.dispatcher.close().catch(ignore);
    this.#transport = undefined;
    this.#doubted = true;
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
        if (answer.statusCode < 300) {
          return answer;
        }
        const error = await readAnswerError(asked, answer);
        if (error.kind === 'loginExpired' && !renewed) {
          renewed = true;
          this.#renew(access);
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
    const url = new URL(access.server + request.path);
    for (const [key, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) {
        url.searchParams.set(key, String(value));
      }
    }
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
      const dispatcher = await buildDispatcher(access, this.#options.environment);
      // Another request may have been faster, or have closed the connection.
      if (this.#closed) {
        dispatcher.destroy().catch(ignore);
        throw new SlipwayError('cancelled', `The connection to "${this.context}" was closed.`);
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
    if (this.#closed) {
      throw new SlipwayError('cancelled', `The connection to "${this.context}" was closed.`);
    }
    const now = this.#now();
    const mustReread = this.#doubted && now - this.#readAt >= rereadMs;
    if (this.#access && this.#access.validUntil > now && !mustReread) {
      return this.#access;
    }
    this.#accessInFlight ??= this.#buildAccess().finally(() => {
      this.#accessInFlight = undefined;
    });
    return await this.#accessInFlight;
  }

  async #buildAccess(): Promise<ClusterAccess> {
    this.#doubted = false;
    this.#readAt = this.#now();
    const text = await this.#options.readKubeconfig();
    const known = this.#access;
    if (known && text === this.#text && known.validUntil > this.#now()) {
      return known;
    }
    const access = await buildClusterAccess(text, { plugins: this.#options.plugins, now: this.#now });
    this.#text = text;
    this.#access = access;
    return access;
  }

  /** Only the access that was refused is thrown away: another request may have renewed it meanwhile. */
  #renew(refused: ClusterAccess): void {
    if (this.#access === refused) {
      if (refused.plugin) {
        this.#options.plugins.forget(refused.plugin);
      }
      this.#access = undefined;
    }
  }

  #describe(request: ClusterRequest): AskedRequest {
    return {
      context: this.context,
      server: this.server,
      method: request.method ?? 'GET',
      path: request.path,
    };
  }

  #toError(asked: AskedRequest, error: unknown, signal: AbortSignal | undefined): SlipwayError {
    if (error instanceof SlipwayError) {
      return error;
    }
    if (signal?.aborted) {
      return new SlipwayError('cancelled', `${asked.method} ${asked.path} was cancelled.`, { cause: error });
    }
    this.#doubted = true;
    return buildNetworkError(asked, error);
  }
}

function buildHeaders(
  access: ClusterAccess,
  request: ClusterRequest,
  userAgent: string,
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {
    accept: request.accept ?? 'application/json',
    'user-agent': userAgent,
    ...(request.contentType ? { 'content-type': request.contentType } : {}),
  };
  for (const [name, value] of Object.entries(access.headers)) {
    headers[name] = typeof value === 'string' ? value : [...value];
  }
  return headers;
}

/** Reading, and patches that are dry runs, may be done twice. */
function isRepeatable(request: ClusterRequest): boolean {
  return (request.method ?? 'GET') === 'GET' || request.query?.['dryRun'] === 'All';
}

function ignore(): void {
  // The request that used it has been told.
}
