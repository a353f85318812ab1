import { SlipwayError } from '../protocol/errors.ts';

/** The schemes by which a proxy can be spoken to; kubectl and helm take no others. */
export const proxySchemes = 'http, https and socks5';

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443', 'socks5:': '1080' };

/** Parses the address of a proxy; `host` always has a port. Gives the reason, without the address, when it is none. */
export function parseProxyUrl(text: string): { readonly href: string; readonly host: string } | string {
  const url = parseUrl(text);
  if (!url) {
    return 'it is not a URL';
  }
  const port = defaultPorts[url.protocol];
  if (port === undefined) {
    return `its scheme is "${url.protocol.slice(0, -1)}", not one of ${proxySchemes}`;
  }
  return url.hostname === ''
    ? 'it names no host'
    : { href: url.href, host: url.port ? url.host : `${url.host}:${port}` };
}

/** Throws `invalidArgument` when the `proxy-url` of a kubeconfig's cluster is none; what it is may hold a password. */
export function requireProxyUrl(
  value: unknown,
  where: { readonly context: string; readonly cluster: string; readonly path: string },
): void {
  if (value === undefined || value === null || value === '') {
    return;
  }
  const parsed = typeof value === 'string' ? parseProxyUrl(value) : 'it is not a URL';
  if (typeof parsed === 'string') {
    const { context, cluster, path } = where;
    throw new SlipwayError(
      'invalidArgument',
      `The proxy-url of the cluster "${cluster}" (context "${context}", ${path}) cannot be used: ${parsed}.`,
      {
        next: `Correct clusters[].cluster.proxy-url of "${cluster}" in ${path}: an address such as http://proxy.example:3128, with one of the schemes ${proxySchemes}.`,
        details: { context, cluster, path, field: 'proxy-url' },
      },
    );
  }
}

function parseUrl(text: string): URL | undefined {
  // `proxy:3128` alone would be a scheme and a path.
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /\s/.test(text)) {
    return undefined;
  }
  try {
    const url = new URL(text);
    decodeURIComponent(url.username + url.password);
    return url;
  } catch {
    return undefined;
  }
}
