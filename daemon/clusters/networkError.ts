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
  const next = certificateSteps[codeOf(findInnermost(error))];
  return new ClusterError('unreachable', `${cluster}${way}: ${words}.`, {
    ...(next === undefined ? {} : { next }),
    details,
    cause: error,
  });
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
export function describeNetworkError(error: unknown): string {
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
  // Node's advice is about a program that nobody here starts by hand.
  const text =
    error.message
      .replace(/; if the root CA is installed locally.*$/s, '')
      .trim()
      .replace(/\.$/, '') || code;
  return words ? (code ? `${words} (${text})` : words) : text;
}

function findInnermost(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? findInnermost(error.cause) : error;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || networkWords[codeOf(error)] === late);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const late = 'it did not answer in time';
const stranger = 'its certificate is not signed by an authority that the kubeconfig trusts';
const unreadable = 'a certificate or a key in the kubeconfig cannot be read';

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
  DEPTH_ZERO_SELF_SIGNED_CERT: stranger,
  SELF_SIGNED_CERT_IN_CHAIN: stranger,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: stranger,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: stranger,
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ERR_OSSL_X509_KEY_VALUES_MISMATCH:
    'the client certificate and the key in the kubeconfig do not belong together',
  ERR_OSSL_PEM_NO_START_LINE: unreadable,
  ERR_OSSL_PEM_BAD_BASE64_DECODE: unreadable,
  ERR_OSSL_ASN1_HEADER_TOO_LONG: unreadable,
  ERR_OSSL_UNSUPPORTED: unreadable,
};

const anew = 'Write the kubeconfig anew with the tool that made it; Slipway goes on by itself.';
const newAuthority =
  'Write the kubeconfig anew with the tool that made it, or correct certificate-authority-data of its cluster; Slipway goes on by itself.';

/** No network and no VPN helps where it is a certificate that is wrong. */
const certificateSteps: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'Ask whoever runs the cluster to renew its certificate; Slipway goes on by itself.',
  DEPTH_ZERO_SELF_SIGNED_CERT: newAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: newAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: newAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: newAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID:
    'Correct server or tls-server-name of the cluster in the kubeconfig; Slipway goes on by itself.',
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: anew,
  ERR_OSSL_PEM_NO_START_LINE: anew,
  ERR_OSSL_PEM_BAD_BASE64_DECODE: anew,
  ERR_OSSL_ASN1_HEADER_TOO_LONG: anew,
  ERR_OSSL_UNSUPPORTED: anew,
};
