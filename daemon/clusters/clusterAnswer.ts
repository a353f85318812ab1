import type { Dispatcher } from 'undici';
import { type AskedRequest, buildStatusError, ClusterError } from './clusterError.ts';
import { buildCutAnswerError } from './garbledAnswer.ts';

/** What a cluster answered; its body has not been read yet. */
export type ClusterAnswer = Dispatcher.ResponseData;

/** True for what no API server answers: a web page, or that it is to be looked for elsewhere. */
export function isOfStranger({
  statusCode,
  headers,
}: Pick<ClusterAnswer, 'statusCode' | 'headers'>): boolean {
  const type = headers['content-type'];
  const isPage = typeof type === 'string' && /^text\/html\b/i.test(type);
  return (statusCode < 300 && isPage) || (statusCode >= 300 && statusCode < 400);
}

/** Reads the whole body as text; throws a ClusterError when it is cut, or larger than `maxBytes`. */
export async function readAnswerText(
  asked: AskedRequest,
  answer: ClusterAnswer,
  maxBytes: number,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maxBytes) {
        throw new ClusterError('refused', `The answer is larger than ${maxBytes} bytes.`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw isCut(error) ? buildCutAnswerError(asked, size, error) : error;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads the body of an answer that is no success as the error that it is. */
export async function readAnswerError(asked: AskedRequest, answer: ClusterAnswer): Promise<ClusterError> {
  const retryAfter = answer.headers['retry-after'];
  return buildStatusError(asked, {
    status: answer.statusCode,
    body: await readAnswerText(asked, answer, 1024 * 1024),
    ...(typeof retryAfter === 'string' ? { retryAfter } : {}),
  });
}

/** True for an answer that asks to be asked again within two seconds. */
export function mayRepeatAfter(error: ClusterError): boolean {
  return error.retryAfterMs !== undefined && error.retryAfterMs <= 2_000 && error.kind === 'unreachable';
}

/** True when the connection was closed by the other side. */
export function isCut(thrown: unknown): boolean {
  const error = thrown instanceof ClusterError ? thrown.cause : thrown;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

/** Awaits work, but no longer than until `signal` aborts; then rejects with its reason. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  // It may fail later, when nobody waits for it any more.
  work.catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Waits; rejects when `signal` aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  try {
    await untilAborted(promise, signal);
  } finally {
    clearTimeout(timer);
  }
}
