import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a peer sends before anything is accepted; each header with all its values. */
export type DoorRequest = {
  readonly url: string | undefined;
  readonly headers: NodeJS.Dict<string[]>;
};

/** Why a peer is refused; only the log learns it. */
export type DoorRefusal = 'browser' | 'host' | 'url' | 'noToken' | 'wrongToken';

/** A new token: 32 random bytes in base64url. */
export function buildToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The one check before every answer, HTTP or WebSocket: `undefined` lets the peer in.
 * No browser is ever a client, so any Origin or Referer is refused, whatever it says
 * (as tailscaled does: https://github.com/tailscale/tailscale/blob/main/ipn/localapi/localapi.go).
 */
export function checkDoor(request: DoorRequest, token: string): DoorRefusal | undefined {
  const { headers, url } = request;
  if (headers['origin'] !== undefined || headers['referer'] !== undefined) {
    return 'browser';
  }
  if (headers['sec-websocket-origin'] !== undefined) {
    return 'browser';
  }
  const hosts = headers['host'] ?? [];
  if (hosts.length !== 1 || hosts[0]?.toLowerCase() !== 'localhost') {
    return 'host';
  }
  if (url !== '/') {
    return 'url';
  }
  const authorizations = headers['authorization'] ?? [];
  const bearer = /^Bearer ([A-Za-z0-9_-]+)$/i.exec(authorizations[0] ?? '')?.[1];
  if (authorizations.length !== 1 || bearer === undefined) {
    return 'noToken';
  }
  return tokensMatch(bearer, token) ? undefined : 'wrongToken';
}

// Digests have one length, so neither the content nor the length of the token shows in the time it takes.
function tokensMatch(left: string, right: string): boolean {
  const [a, b] = [left, right].map(text => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
