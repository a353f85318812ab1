import { SlipwayError } from '../protocol/errors.ts';
import { isExemptFromProxy } from './isExemptFromProxy.ts';
import { parseProxyUrl, proxySchemes } from './parseProxyUrl.ts';

/** The proxy to a server. */
export type ChosenProxy = {
  /** With the login, where there is one: not for the eyes of people. */
  readonly url: string;
  /** `proxy.corp:3128` */
  readonly address: string;
  /** What says that it is to be used: `HTTPS_PROXY`, or `proxy-url` of the kubeconfig. */
  readonly from: string;
};

/** How `proxy-url` of the kubeconfig is called where a proxy comes from it. */
export const fromKubeconfig = 'proxy-url of the kubeconfig';

/**
 * The proxy that kubectl would use for a server: the kubeconfig's `proxy-url`, else HTTPS_PROXY or HTTP_PROXY of
 * the environment, unless the server is this machine or NO_PROXY names it. Throws `invalidArgument` for a proxy that
 * nobody can speak to.
 */
export function chooseProxy(
  server: string,
  options: {
    readonly proxyUrl?: string | undefined;
    readonly environment: Readonly<Record<string, string | undefined>>;
  },
): ChosenProxy | undefined {
  const { proxyUrl, environment } = options;
  if (proxyUrl) {
    return buildProxy(proxyUrl, fromKubeconfig);
  }
  const url = new URL(server);
  const find = (name: string) => [name, name.toLowerCase()].find(candidate => environment[candidate]);
  const name = find(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  const value = name && environment[name];
  if (!value || isExemptFromProxy(url, environment[find('NO_PROXY') ?? ''] ?? '')) {
    return undefined;
  }
  return buildProxy(value.includes('://') ? value : `http://${value}`, name);
}

/** `the proxy proxy.corp:3128 (from HTTPS_PROXY)` */
export function describeProxy({ address, from }: ChosenProxy): string {
  return `the proxy ${address} (from ${from})`;
}

function buildProxy(text: string, from: string): ChosenProxy {
  // By either name a SOCKS proxy is told the names of servers: nothing else is done here.
  const parsed = parseProxyUrl(from === fromKubeconfig ? text : text.replace(/^socks5h:/i, 'socks5:'));
  if (typeof parsed === 'string') {
    throw new SlipwayError('invalidArgument', `The proxy in ${from} cannot be used: ${parsed}.`, {
      next: `Correct ${from}: an address such as http://proxy.example:3128, with one of the schemes ${proxySchemes}.`,
      details: { from },
    });
  }
  return { url: parsed.href, address: parsed.host, from };
}
