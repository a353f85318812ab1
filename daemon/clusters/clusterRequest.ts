import type { ClusterAccess } from './clusterAccess.ts';

/** What is asked of a cluster. There is no DELETE: Slipway itself deletes nothing. */
export type ClusterRequest = {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  /** From the API server's root: `/api/v1/namespaces/kosmos/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string;
  /** For the whole answer; for a stream, until it begins. Default 10,000. */
  readonly timeoutMs?: number;
  /** The largest answer that is read, in bytes. Default 32 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
};

/** Where a request goes; what its query leaves undefined is left out. */
export function buildUrl(server: string, { path, query = {} }: ClusterRequest): URL {
  const url = new URL(server + path);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) {
      url.searchParams.set(key, String(value));
    }
  }
  return url;
}

/** The headers of a request, with the login. */
export function buildHeaders(
  access: ClusterAccess,
  request: ClusterRequest,
  userAgent: string,
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {
    accept: request.accept ?? 'application/json',
    'user-agent': userAgent,
    ...(request.contentType ? { 'content-type': request.contentType } : {}),
  };
  for (const [name, value] of Object.entries(access.headers)) {
    headers[name] = typeof value === 'string' ? value : [...value];
  }
  return headers;
}

/** Reading, and patches that are dry runs, may be done twice. */
export function isRepeatable(request: ClusterRequest): boolean {
  return (request.method ?? 'GET') === 'GET' || request.query?.['dryRun'] === 'All';
}
