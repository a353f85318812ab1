import { type ChosenProxy, describeProxy, fromKubeconfig } from './chooseProxy.ts';
import { type AskedRequest, ClusterError } from './clusterError.ts';
import { describeProxyFailure } from './proxyFailure.ts';

/** Turns a failure on the way to the API server into an error that says what the network, or the proxy, said. */
export function buildNetworkError(asked: AskedRequest, error: unknown): ClusterError {
  const { context, server, proxy } = asked;
  const cluster = `The cluster of context "${context}" (${server}) cannot be reached`;
  const details = { context, server, ...(proxy ? { proxy: proxy.address } : {}) };
  const failure = proxy && describeProxyFailure(error, { proxy, describe: describeNetworkError });
  if (proxy && failure) {
    return new ClusterError('unreachable', `${cluster}: ${failure}.`, {
      next: buildProxyNext(proxy),
      details,
      cause: error,
    });
  }
  const words =
    proxy && isTimeout(error)
      ? 'the proxy, or the cluster behind it, did not answer in time'
      : describeNetworkError(error);
  const way = proxy ? ` through ${describeProxy(proxy)}` : '';
  return new ClusterError('unreachable', `${cluster}${way}: ${words}.`, { details, cause: error });
}

/** The error of an answer that is none of the API server: a captive portal and a proxy's own pages look like that. */
export function buildStrangerError({ context, server, proxy }: AskedRequest): ClusterError {
  return new ClusterError(
    'unreachable',
    `Something between this machine and the cluster of context "${context}" (${server}) answered instead of it, with a web page.`,
    {
      next: `Sign in to the network, or check ${proxy ? describeProxy(proxy) : 'the proxy'}; then try again.`,
      details: { context, server, ...(proxy ? { proxy: proxy.address } : {}) },
    },
  );
}

function buildProxyNext({ from }: ChosenProxy): string {
  return from === fromKubeconfig
    ? 'Check the proxy, or correct proxy-url of the cluster in the kubeconfig; Slipway goes on by itself.'
    : `Check the proxy. Where ${from} is wrong, or the server is to be in NO_PROXY, correct it and run "Slipway: Restart Daemon".`;
}

/** The innermost reason of a failed connection: "fetch failed" alone says nothing. */
function describeNetworkError(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  if (error instanceof AggregateError && error.errors.length > 0) {
    return [...new Set(error.errors.map(describeNetworkError))].join('; ');
  }
  if (error.cause instanceof Error) {
    return describeNetworkError(error.cause);
  }
  const code = codeOf(error);
  const words = networkWords[code] ?? (error.name === 'TimeoutError' ? late : undefined);
  const text = error.message.trim().replace(/\.$/, '') || code;
  return words ? (code ? `${words} (${text})` : words) : text;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || networkWords[codeOf(error)] === late);
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const late = 'it did not answer in time';

const networkWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up at present',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: late,
  UND_ERR_CONNECT_TIMEOUT: late,
  UND_ERR_HEADERS_TIMEOUT: late,
  UND_ERR_SOCKET: 'the connection was cut',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not signed by an authority that the kubeconfig trusts',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by an authority that the kubeconfig trusts',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by an authority that the kubeconfig trusts',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate is not signed by an authority that the kubeconfig trusts',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
