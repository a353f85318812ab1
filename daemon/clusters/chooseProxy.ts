import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * The proxy that kubectl would use for a server: the kubeconfig's `proxy-url`, else HTTPS_PROXY or HTTP_PROXY of
 * the environment, unless the server is this machine or NO_PROXY names it (a name, an address, or a CIDR block).
 */
export function chooseProxy(
  server: string,
  options: {
    readonly proxyUrl?: string | undefined;
    readonly environment: Readonly<Record<string, string | undefined>>;
  },
): string | undefined {
  if (options.proxyUrl) {
    return options.proxyUrl;
  }
  const url = new URL(server);
  const read = (name: string) => options.environment[name] || options.environment[name.toLowerCase()];
  const proxy = read(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (!proxy) {
    return undefined;
  }
  const host = url.hostname
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (isLoopback(host) || isExempt(read('NO_PROXY') ?? '', host, port)) {
    return undefined;
  }
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function isExempt(list: string, host: string, port: string): boolean {
  return list
    .split(/[,\s]+/)
    .filter(entry => entry !== '')
    .some(entry => matches(entry.toLowerCase(), host, port));
}

/** The rules of Go's httpproxy package, which kubectl follows. */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') {
    return true;
  }
  if (entry.includes('/')) {
    return isInBlock(entry, host);
  }
  const [, name = entry, entryPort] =
    /^\[(.+)\](?::(\d+))?$/.exec(entry) ?? /^([^:]+)(?::(\d+))?$/.exec(entry) ?? [];
  if (entryPort !== undefined && entryPort !== port) {
    return false;
  }
  if (isIP(name) !== 0) {
    return name === host;
  }
  const suffix = name.replace(/^\*/, '');
  return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
}

function isInBlock(entry: string, host: string): boolean {
  const [network = '', bits = ''] = entry.split('/');
  if (isIP(host) === 0 || isIP(network) !== isIP(host)) {
    return false;
  }
  const family = isIPv6(host) ? 'ipv6' : 'ipv4';
  const prefix = Number(bits);
  if (bits === '' || !Number.isInteger(prefix) || prefix < 0 || prefix > (family === 'ipv6' ? 128 : 32)) {
    return false;
  }
  const block = new BlockList();
  block.addSubnet(network, prefix, family);
  return block.check(host, family);
}
