import * as z from 'zod';
import { describeProxy } from './chooseProxy.ts';
import { type AskedRequest, ClusterError } from './clusterError.ts';

/** The error of an answer that is not what Kubernetes writes; `error` is what its parser threw. */
export function buildGarbledError(
  asked: AskedRequest,
  { text, error }: { readonly text: string; readonly error: unknown },
): ClusterError {
  // What a parser of JSON says quotes the answer, which may hold a Secret: it is kept out of the error altogether.
  if (error instanceof SyntaxError) {
    return isCutJson(text)
      ? buildCutAnswerError(asked, Buffer.byteLength(text))
      : build(asked, 'is not JSON');
  }
  const why = error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s+/g, ' ') : String(error);
  return build(asked, `is not what an API server of Kubernetes writes (${why})`, error);
}

/** The error of an answer whose end did not come. */
export function buildCutAnswerError(asked: AskedRequest, bytes: number, cause?: unknown): ClusterError {
  return build(asked, `was cut after ${bytes} bytes`, cause);
}

function build(asked: AskedRequest, what: string, cause?: unknown): ClusterError {
  const { context, server, method, path, proxy } = asked;
  const way = proxy ? ` through ${describeProxy(proxy)}` : '';
  return new ClusterError(
    'unreachable',
    `The answer of the cluster of context "${context}" (${server})${way} to ${method} ${path} ${what}.`,
    {
      next: `Check what stands between this machine and the cluster, ${proxy ? describeProxy(proxy) : 'such as a proxy'}; then try again.`,
      details: { context, server, method, path, ...(proxy ? { proxy: proxy.address } : {}) },
      cause,
    },
  );
}

/** True for the beginning of JSON whose end is missing. */
function isCutJson(text: string): boolean {
  const start = text.trimStart();
  if (start === '') {
    return true;
  }
  if (!start.startsWith('{') && !start.startsWith('[')) {
    return false;
  }
  let depth = 0;
  for (const [token] of start.matchAll(/"(?:[^"\\]|\\.)*"?|[{}[\]]/gs)) {
    if (token.startsWith('"')) {
      continue;
    }
    depth += token === '{' || token === '[' ? 1 : -1;
    if (depth === 0) {
      return false;
    }
  }
  return true;
}
