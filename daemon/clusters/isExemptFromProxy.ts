import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/**
 * True when requests to a server go past the proxy: it is this machine, or NO_PROXY names it. By the rules of Go's
 * httpproxy package, which kubectl and helm follow, oddities included: https://pkg.go.dev/golang.org/x/net/http/httpproxy
 */
export function isExemptFromProxy(server: URL, list: string): boolean {
  const host = server.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  const address = parseAddress(host);
  if (host === 'localhost' || (address && isLoopback(address))) {
    return true;
  }
  return list
    .split(',')
    .map(entry => entry.trim().toLowerCase())
    .some(entry => entry !== '' && matches(entry, { host, port, address }));
}

/** An address in the one form that it has here; what stands for an IPv4 address in IPv6 is that address. */
type Address = { readonly text: string; readonly family: 'ipv4' | 'ipv6'; readonly isMapped: boolean };

type Target = { readonly host: string; readonly port: string; readonly address: Address | undefined };

function matches(entry: string, { host, port, address }: Target): boolean {
  if (entry === '*') {
    return true;
  }
  if (entry.includes('/')) {
    return address !== undefined && isInBlock(entry, address);
  }
  const named = splitHostPort(entry);
  if (named.port !== '' && named.port !== port) {
    return false;
  }
  const namedAddress = parseAddress(named.host);
  if (namedAddress || address) {
    return namedAddress?.text === address?.text;
  }
  return named.host !== '' && isOfDomain(host, named.host);
}

/** `example.com` is itself and what is below it, `.example.com` and `*.example.com` only what is below it. */
function isOfDomain(host: string, entry: string): boolean {
  const domain = toAscii(entry.replace(/^\*\./, '.'));
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function toAscii(domain: string): string {
  const [, dot = '', name = domain] = /^(\.?)(.*)$/.exec(domain) ?? [];
  return dot + (domainToASCII(name) || name);
}

function isInBlock(entry: string, address: Address): boolean {
  const [, text = '', digits = ''] = /^([^/]*)\/(\d+)$/.exec(entry) ?? [];
  const network = parseAddress(text);
  // `::ffff:10.0.0.0/104` is `10.0.0.0/8`.
  const prefix = Number(digits) - (network?.isMapped ? 96 : 0);
  const longest = network?.family === 'ipv6' ? 128 : 32;
  if (!network || network.family !== address.family || digits === '' || prefix < 0 || prefix > longest) {
    return false;
  }
  const block = new BlockList();
  block.addSubnet(network.text, prefix, network.family);
  return block.check(address.text, address.family);
}

/** As Go's net.SplitHostPort: brackets count only before a port, and what has no port is left as it is. */
function splitHostPort(entry: string): { readonly host: string; readonly port: string } {
  const [, bracketed, plain, port] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(entry) ?? [];
  return { host: bracketed ?? plain ?? entry, port: port ?? '' };
}

function parseAddress(text: string): Address | undefined {
  // Node takes an address with a zone for one, Go does not.
  const version = text.includes('%') ? 0 : isIP(text);
  if (version !== 6) {
    return version === 4 ? { text, family: 'ipv4', isMapped: false } : undefined;
  }
  const shortest = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(shortest);
  if (!mapped) {
    return { text: shortest, family: 'ipv6', isMapped: false };
  }
  const bytes = mapped.slice(1).flatMap(group => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  return { text: bytes.join('.'), family: 'ipv4', isMapped: true };
}

function isLoopback({ text, family }: Address): boolean {
  return family === 'ipv6' ? text === '::1' : text.startsWith('127.');
}
