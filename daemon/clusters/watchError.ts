import { describeProxy } from './chooseProxy.ts';
import { buildStatusError, ClusterError } from './clusterError.ts';
import { type Asked, buildUnreadable } from './readAnswer.ts';
import { parseWatchLine, type WatchErrorLine, type WatchLine } from './watchLine.ts';

type Watched = {
  readonly connection: Omit<Asked, 'send'>;
  readonly path: string;
};

/** The error of a watch that the API server ended in so many words. */
export function buildWatchError({ connection, path }: Watched, line: WatchErrorLine): ClusterError {
  const { context, server } = connection;
  return buildStatusError({ context, server, method: 'WATCH', path }, line);
}

/** Reads a line of a watch; throws a ClusterError for one that is none. */
export function readWatchLine({ connection, path }: Watched, text: string): WatchLine | WatchErrorLine {
  try {
    return parseWatchLine(text);
  } catch (error) {
    throw buildUnreadable(connection, { method: 'WATCH', path, text, error });
  }
}

/** The error of a watch whose connection broke. */
export function buildCutError({ connection }: Watched, error: unknown): ClusterError {
  const { context, proxy } = connection;
  const why = error instanceof Error ? error.message : String(error);
  return new ClusterError(
    'unreachable',
    `A watch on the cluster of context "${context}"${proxy ? ` through ${describeProxy(proxy)}` : ''} was cut: ${why}.`,
    { cause: error },
  );
}

/** The error of a watch that ended before it had begun. */
export function buildClosedError({ connection: { proxy } }: Watched): ClusterError {
  const who = proxy ? `The API server, or ${describeProxy(proxy)} on the way to it,` : 'The API server';
  return new ClusterError('unreachable', `${who} closes watches as soon as they are opened.`);
}
