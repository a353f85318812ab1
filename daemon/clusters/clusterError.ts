import * as z from 'zod';
import { describeMissingRight, describeRefusal, parseRefusal, type Refusal } from '../model/refusal.ts';
import { shortenValues } from '../model/shortenValues.ts';
import { type ErrorCode, SlipwayError } from '../protocol/errors.ts';
import { type ChosenProxy, describeProxy } from './chooseProxy.ts';
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
  /** Through which it goes, where it goes through one. */
  readonly proxy?: ChosenProxy;
};

/** Turns an answer that is not a success into an error; `body` is what the API server wrote. */
export function buildStatusError(
  asked: AskedRequest,
  answer: { readonly status: number; readonly body: string; readonly retryAfter?: string },
): ClusterError {
  const parsed = parseStatus(answer.body);
  const text = shortenValues(parsed?.message || describeForeignAnswer(asked, answer));
  const options = {
    status: answer.status,
    causes: parsed?.details?.causes ?? [],
    ...buildRetryAfter(answer.retryAfter ?? parsed?.details?.retryAfterSeconds),
  };
  const refusal = answer.status === 403 ? parseRefusal(text) : undefined;
  if (refusal) {
    return buildMissingRight(refusal, asked.context, { ...options, details: { said: text } });
  }
  const kind = kindOf(answer.status, parsed?.reason, text);
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

/** What is no Status is most likely not of the API server. */
function describeForeignAnswer({ proxy }: AskedRequest, answer: { status: number; body: string }): string {
  const text = answer.body.slice(0, 500).trim();
  const said = `HTTP ${answer.status}`;
  return proxy ? `through ${describeProxy(proxy)} came ${said}${text ? `: ${text}` : ''}` : text || said;
}

function buildRetryAfter(value: string | number | undefined): { retryAfterMs?: number } {
  const seconds = Number(value ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0
    ? { retryAfterMs: Math.min(seconds * 1000, longestRetryAfterMs) }
    : {};
}

function kindOf(status: number, reason: string | undefined, text: string): ClusterErrorKind {
  switch (status) {
    case 401:
      return 'loginExpired';
    case 403:
      // Whoever has the right may still be refused: by a quota, a policy, a namespace that ends.
      return /is forbidden: (?!User ")/i.test(text) ? 'invalid' : 'forbidden';
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
