import { type ChosenProxy, describeProxy } from './chooseProxy.ts';

/** A proxy did not open the way to a server: nothing of it is the cluster's fault. */
export class ProxyFailure extends Error {
  /** What the proxy answered (HTTP); absent without an answer. */
  readonly status: number | undefined;

  constructor(options: { readonly status?: number; readonly cause?: unknown }) {
    super(`the proxy answered ${options.status ?? 'nothing'}`, { cause: options.cause });
    this.name = 'ProxyFailure';
    this.status = options.status;
  }
}

/** What is said of an error when it is the proxy's; `undefined` for one that may be the cluster's. */
export function describeProxyFailure(
  error: unknown,
  where: {
    readonly proxy: ChosenProxy;
    readonly describe: (error: unknown) => string;
  },
): string | undefined {
  const name = describeProxy(where.proxy);
  if (wantsLogin(error)) {
    return `${name} wants a login: put user and password into ${where.proxy.from}`;
  }
  if (error instanceof ProxyFailure && error.status !== undefined) {
    return `${name} answered ${error.status}`;
  }
  const code = codeOf(error);
  const isOfProxy =
    error instanceof ProxyFailure || code.startsWith('UND_ERR_SOCKS5') || connecting.has(code);
  return isOfProxy ? `${name} cannot be used: ${where.describe(error)}` : undefined;
}

/** Codes of what fails before a connection stands: this machine connects to the proxy alone. */
const connecting = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function wantsLogin(error: unknown): boolean {
  return error instanceof ProxyFailure
    ? error.status === 407
    : codeOf(error).startsWith('UND_ERR_SOCKS5_AUTH') || isForwardRefusal(error);
}

/** How undici 8 tells that a proxy wants a login for a request that it would pass on in the clear. */
function isForwardRefusal(error: unknown): boolean {
  return error instanceof Error && error.message === 'Proxy Authentication Required (407)';
}

function codeOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  return inner instanceof Error && 'code' in inner && typeof inner.code === 'string' ? inner.code : '';
}
