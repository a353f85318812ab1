import type { ClusterConnection } from './clusterConnection.ts';
import type { AskedRequest, ClusterError } from './clusterError.ts';
import type { ClusterRequest } from './clusterRequest.ts';
import { buildGarbledError } from './garbledAnswer.ts';
import { optional } from './optional.ts';

/** What of a connection is needed to ask something of its cluster. */
export type Asked = Pick<ClusterConnection, 'context' | 'server' | 'send'> &
  Partial<Pick<ClusterConnection, 'proxy'>>;

/**
 * Sends a request and parses its answer. Throws a ClusterError, also for an answer that `parse` cannot read: a proxy, or
 * a connection that was cut, may leave only a part of it or something else.
 */
export async function readAnswer<T>(
  connection: Asked,
  request: ClusterRequest,
  parse: (value: unknown) => T,
): Promise<T> {
  const text = await connection.send(request);
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    throw buildUnreadable(connection, { method: request.method ?? 'GET', path: request.path, text, error });
  }
}

/** The error of an answer, or of a line of one, that could not be read. */
export function buildUnreadable(
  { context, server, proxy }: Omit<Asked, 'send'>,
  read: Pick<AskedRequest, 'method' | 'path'> & { readonly text: string; readonly error: unknown },
): ClusterError {
  const { method, path, text, error } = read;
  return buildGarbledError({ context, server, method, path, ...optional('proxy', proxy) }, { text, error });
}
