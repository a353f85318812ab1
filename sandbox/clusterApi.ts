import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Agent, request } from 'undici';

/** A plain way to talk to the sandbox's API server as the administrator: JSON in, JSON out. */
export interface ClusterApi {
  /** Rejects with a StatusError for every status that is not 2xx. */
  get(path: string): Promise<unknown>;
  /** Sends JSON; `contentType` is application/json unless told (patches have their own). */
  send(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    contentType?: string,
  ): Promise<unknown>;
  /** The JSON lines of a watch, until the server ends it or `signal` aborts. */
  followLines(path: string, signal: AbortSignal): AsyncIterable<unknown>;
  close(): Promise<void>;
}

/** The API server answered with something other than success. */
export class StatusError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'StatusError';
    this.status = status;
  }
}

/** How long one answer may take, in milliseconds; watches have no such limit. */
const answerLimitMs = 20_000;

/** Opens connections to the API server as the user of the PEM texts `cert` and `key`, trusting only `ca`. */
export function createClusterApi(options: {
  server: string;
  ca: string;
  cert: string;
  key: string;
}): ClusterApi {
  const { server, ca, cert, key } = options;
  const connect = { ca, cert, key, timeout: 5_000 };
  const agent = new Agent({ connect, connections: 8 });
  // A quiet watch sends nothing for a minute: undici's default limits would cut it.
  const watchAgent = new Agent({ connect, bodyTimeout: 0, headersTimeout: answerLimitMs });

  const send: ClusterApi['send'] = async (method, path, body, contentType = 'application/json') =>
    answer(method, path, body === undefined ? {} : { body: JSON.stringify(body), contentType });

  const answer = async (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    content: { body?: string; contentType?: string },
  ): Promise<unknown> => {
    const response = await request(server + path, {
      method,
      dispatcher: agent,
      headers: {
        accept: 'application/json',
        ...(content.contentType ? { 'content-type': content.contentType } : {}),
      },
      body: content.body ?? null,
      signal: AbortSignal.timeout(answerLimitMs),
    });
    const text = await response.body.text();
    if (response.statusCode >= 300) {
      throw new StatusError(
        response.statusCode,
        `${method} ${path}: ${response.statusCode} ${text.slice(0, 500)}`,
      );
    }
    return /json/.test(String(response.headers['content-type'])) ? (JSON.parse(text) as unknown) : text;
  };

  return {
    get: path => answer('GET', path, {}),
    send,
    async *followLines(path, signal) {
      const response = await request(server + path, {
        dispatcher: watchAgent,
        headers: { accept: 'application/json' },
        signal,
      });
      if (response.statusCode !== 200) {
        throw new StatusError(
          response.statusCode,
          `GET ${path}: ${(await response.body.text()).slice(0, 500)}`,
        );
      }
      const lines = createInterface({
        input: Readable.from(response.body),
        crlfDelay: Number.POSITIVE_INFINITY,
      });
      for await (const line of lines) {
        yield JSON.parse(line) as unknown;
      }
    },
    async close() {
      await Promise.all([agent.destroy(), watchAgent.destroy()]);
    },
  };
}
