import { createSecureContext } from 'node:tls';
import type { Dispatcher, Pool } from 'undici';
import type { ClusterAccess } from './clusterAccess.ts';
import { ProxyFailure } from './proxyFailure.ts';

/** How long opening a connection may take, in milliseconds. */
const connectTimeoutMs = 5_000;

/**
 * Opens the pool of connections for one access. Its own time limits are off, since a quiet watch may be silent
 * for a minute: every request brings its own.
 */
export async function buildDispatcher(access: ClusterAccess): Promise<Dispatcher> {
  const { Agent, Pool, ProxyAgent } = await import('undici');
  // HTTP/1.1: a connection per watch, but one that died unnoticed never keeps the others from going on.
  const base = {
    allowH2: false,
    bodyTimeout: 0,
    headersTimeout: 0,
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 60_000,
  };
  // client-go's value: load balancers drop connections that are silent for a minute.
  const keepAlive = { keepAlive: true, keepAliveInitialDelay: 30_000 };
  const { ca, cert, key, passphrase, ...tls } = access.tls;
  // One for all connections: Node would parse the certificates again, and keep them, for each of them.
  const secureContext = createSecureContext({ ca, cert, key, passphrase });
  const connect = { ...tls, secureContext, ...keepAlive, allowH2: false, timeout: connectTimeoutMs };
  if (!access.proxy) {
    return new Agent({ ...base, connect });
  }
  const { url } = access.proxy;
  return new ProxyAgent({
    ...base,
    uri: url,
    // undici would wait five minutes for a proxy that accepts and never answers; a tunnel that stands has no limit.
    clientFactory: (origin, options) =>
      tellFailures(new Pool(origin, { ...options, headersTimeout: connectTimeoutMs })),
    requestTls: connect,
    // undici would speak TLS with a SOCKS proxy that has any of these options.
    ...(url.startsWith('socks') ? {} : { proxyTls: { ...keepAlive, timeout: connectTimeoutMs } }),
    connectTimeout: connectTimeoutMs,
  });
}

/** Makes what goes wrong between this machine and the proxy known as such: undici's errors do not tell it apart. */
function tellFailures(pool: Pool): Pool {
  const connect = pool.connect.bind(pool);
  return Object.assign(pool, {
    connect: async (options: Dispatcher.ConnectOptions) => {
      const answer = await connect(options).catch((cause: unknown) => {
        throw new ProxyFailure({ cause });
      });
      if (answer.statusCode !== 200) {
        answer.socket.on('error', () => undefined).destroy();
        throw new ProxyFailure({ status: answer.statusCode });
      }
      return answer;
    },
  });
}
