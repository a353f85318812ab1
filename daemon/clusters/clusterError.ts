import * as z from 'zod';
import { describeMissingRight, describeRefusal, parseRefusal, type Refusal } from '../model/refusal.ts';
import { type ErrorCode, SlipwayError } from '../protocol/errors.ts';
import { longestRetryAfterMs } from './watchBackoff.ts';

/** Why a cluster did not do what was asked. */
export type ClusterErrorKind =
  | 'unreachable'
  | 'forbidden'
  | 'loginExpired'
  | 'wrongCluster'
  | 'notFound'
  | 'conflict'
  | 'gone'
  | 'invalid'
  | 'refused';

/** One of the causes that the API server names: a field and what is wrong with it. */
export type StatusCause = { readonly field?: string; readonly message?: string; readonly reason?: string };

/** A cluster did not do what was asked; `kind` and `status` (HTTP, absent without an answer) say how. */
export class ClusterError extends SlipwayError {
  readonly kind: ClusterErrorKind;
  readonly status: number | undefined;
  readonly causes: readonly StatusCause[];
  /** How long the API server wants to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: ClusterErrorKind,
    message: string,
    options: {
      readonly status?: number;
      readonly causes?: readonly StatusCause[];
      readonly retryAfterMs?: number;
      readonly next?: string;
      readonly details?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(codes[kind], message, options);
    this.name = 'ClusterError';
    this.kind = kind;
    this.status = options.status;
    this.causes = options.causes ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** What was asked of a cluster, for error messages. */
export type AskedRequest = {
  readonly context: string;
  readonly server: string;
  readonly method: string;
  readonly path: string;
};

/** Turns an answer that is not a success into an error; `body` is what the API server wrote. */
export function buildStatusError(
  asked: AskedRequest,
  answer: { readonly status: number; readonly body: string; readonly retryAfter?: string },
): ClusterError {
  const parsed = parseStatus(answer.body);
  const text = parsed?.message || answer.body.slice(0, 500).trim() || `HTTP ${answer.status}`;
  const options = {
    status: answer.status,
    causes: parsed?.details?.causes ?? [],
    ...buildRetryAfter(answer.retryAfter ?? parsed?.details?.retryAfterSeconds),
  };
  const refusal = answer.status === 403 ? parseRefusal(text) : undefined;
  if (refusal) {
    return buildMissingRight(refusal, asked.context, { ...options, details: { said: text } });
  }
  const kind = kindOf(answer.status, parsed?.reason);
  return new ClusterError(kind, buildMessage(asked, kind, text), {
    ...options,
    details: { context: asked.context },
  });
}

/** The error of a right that a user of a context does not have: who may not do what, and whom to ask for it. */
export function buildMissingRight(
  refusal: Refusal,
  context: string,
  options: ConstructorParameters<typeof ClusterError>[2] = {},
): ClusterError {
  const { user, verb, object, namespace } = refusal;
  return new ClusterError('forbidden', `${describeRefusal(refusal)} (context "${context}").`, {
    ...options,
    next: describeMissingRight(refusal),
    details: {
      context,
      user,
      verb,
      resource: object,
      ...(namespace ? { namespace } : {}),
      ...options.details,
    },
  });
}

/** Turns a failure on the way to the API server into an error that says what the network said. */
export function buildNetworkError(asked: AskedRequest, error: unknown): ClusterError {
  return new ClusterError(
    'unreachable',
    `The cluster of context "${asked.context}" (${asked.server}) cannot be reached: ${describeNetworkError(error)}.`,
    { details: { context: asked.context, server: asked.server }, cause: error },
  );
}

/** The error of an answer that is none of the API server: a captive portal and a proxy's own pages look like that. */
export function buildStrangerError({ context, server }: AskedRequest): ClusterError {
  return new ClusterError(
    'unreachable',
    `Something between this machine and the cluster of context "${context}" (${server}) answered instead of it, with a web page.`,
    { next: 'Sign in to the network, or check the proxy; then try again.', details: { context, server } },
  );
}

/** The innermost reason of a failed connection: "fetch failed" alone says nothing. */
export function describeNetworkError(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  if (error instanceof AggregateError && error.errors.length > 0) {
    return [...new Set(error.errors.map(describeNetworkError))].join('; ');
  }
  if (error.cause instanceof Error) {
    return describeNetworkError(error.cause);
  }
  const refused = /^Proxy response \((?<status>\d+)\)/.exec(error.message)?.groups?.['status'];
  if (refused !== undefined) {
    return refused === '407'
      ? 'the proxy wants a login: put user and password into proxy-url of the kubeconfig or into HTTPS_PROXY'
      : `the proxy answered ${refused}`;
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const words =
    networkWords[code] ?? (error.name === 'TimeoutError' ? 'it did not answer in time' : undefined);
  const text = error.message.replace(/\.$/, '') || code;
  return words ? (code ? `${words} (${text})` : words) : text;
}

const networkWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up at present',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_SOCKET: 'the connection was cut',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not signed by an authority that the kubeconfig trusts',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by an authority that the kubeconfig trusts',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by an authority that the kubeconfig trusts',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate is not signed by an authority that the kubeconfig trusts',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

const codes: Readonly<Record<ClusterErrorKind, ErrorCode>> = {
  unreachable: 'clusterUnreachable',
  forbidden: 'forbidden',
  loginExpired: 'loginExpired',
  wrongCluster: 'wrongCluster',
  notFound: 'clusterRefused',
  conflict: 'clusterRefused',
  gone: 'clusterRefused',
  invalid: 'clusterRefused',
  refused: 'clusterRefused',
};

const statusSchema = z.object({
  message: z.exactOptional(z.string()),
  reason: z.exactOptional(z.string()),
  details: z.exactOptional(
    z.object({
      causes: z.exactOptional(
        z.array(
          z.object({
            field: z.exactOptional(z.string()),
            message: z.exactOptional(z.string()),
            reason: z.exactOptional(z.string()),
          }),
        ),
      ),
      retryAfterSeconds: z.exactOptional(z.number()),
    }),
  ),
});

type Status = z.infer<typeof statusSchema>;

function parseStatus(body: string): Status | undefined {
  try {
    return statusSchema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

function buildRetryAfter(value: string | number | undefined): { retryAfterMs?: number } {
  const seconds = Number(value ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0
    ? { retryAfterMs: Math.min(seconds * 1000, longestRetryAfterMs) }
    : {};
}

function kindOf(status: number, reason: string | undefined): ClusterErrorKind {
  switch (status) {
    case 401:
      return 'loginExpired';
    case 403:
      return 'forbidden';
    case 404:
      return 'notFound';
    case 409:
      return 'conflict';
    case 410:
      return 'gone';
    case 400:
    case 422:
      return 'invalid';
    default:
      // 500 is also what an apply with an unknown field gets.
      return status === 429 || status > 500 || reason === 'ServiceUnavailable' ? 'unreachable' : 'refused';
  }
}

function buildMessage({ context, method, path }: AskedRequest, kind: ClusterErrorKind, text: string): string {
  switch (kind) {
    case 'loginExpired':
      return `The cluster of context "${context}" does not accept the login of its user: ${text}`;
    case 'unreachable':
      return `The cluster of context "${context}" cannot answer at present: ${text}`;
    default:
      return `The cluster of context "${context}" refused ${method} ${path}: ${text}`;
  }
}
