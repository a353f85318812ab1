import * as z from 'zod';
import type { JsonValue } from '../model/canonicalJson.ts';
import type { PodFacts } from '../model/podFacts.ts';
import type { ClusterConnection } from './clusterConnection.ts';
import { ClusterError } from './clusterError.ts';
import type { ClusterRequest } from './clusterRequest.ts';
import { optional } from './optional.ts';
import { parsePod } from './parsePod.ts';
import { readAnswer } from './readAnswer.ts';

/** An object of Kubernetes as the API server writes it. */
export type KubernetesObject = { readonly [key: string]: JsonValue | undefined };

/** Where something is asked, and until when. */
export type Asking = { readonly connection: ClusterConnection; readonly signal?: AbortSignal };

/** Reads one object by its path; `undefined` where there is none. */
export async function readObject(asking: Asking, path: string): Promise<KubernetesObject | undefined> {
  try {
    return await read(asking, { path }, parseObject);
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'notFound') {
      return undefined;
    }
    throw error;
  }
}

/** Reads a pod by its name; `undefined` where there is none. */
export async function readPod(
  asking: Asking,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<PodFacts | undefined> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
  const object = await readObject(asking, path);
  return object && parsePod(object);
}

/** What the API server would make of an object that is applied. */
export type AppliedObject =
  | { readonly type: 'applied'; readonly object: KubernetesObject }
  /** Fields that another manager owns; `force` would take them over. */
  | { readonly type: 'conflict'; readonly conflicts: readonly string[] };

/**
 * Asks what a server-side apply would do, as a dry run that changes nothing. Throws a ClusterError for what the API
 * server refuses: an unknown field, a wrong value, a missing right.
 */
export async function applyDryRun(
  asking: Asking,
  object: KubernetesObject,
  options: { readonly path: string; readonly fieldManager: string; readonly force: boolean },
): Promise<AppliedObject> {
  try {
    const request = {
      method: 'PATCH',
      path: options.path,
      query: {
        dryRun: 'All',
        fieldManager: options.fieldManager,
        fieldValidation: 'Strict',
        force: options.force || undefined,
      },
      contentType: 'application/apply-patch+yaml',
      // JSON is YAML.
      body: JSON.stringify(object),
    } as const;
    return { type: 'applied', object: await read(asking, request, parseObject) };
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'conflict' && error.causes.length > 0) {
      return {
        type: 'conflict',
        conflicts: error.causes.map(({ message, field }) => buildConflict(message, field)),
      };
    }
    throw error;
  }
}

/** A right, as Kubernetes names it. */
export type AccessQuestion = {
  readonly verb: string;
  readonly resource: string;
  readonly group?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
};

/** Asks the API server whether this user has a right; `reason` is its own word, often empty. */
export async function reviewAccess(
  asking: Asking,
  question: AccessQuestion,
): Promise<{ readonly allowed: boolean; readonly reason: string }> {
  const request = {
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    contentType: 'application/json',
    body: JSON.stringify({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: question },
    }),
  } as const;
  const { status } = await read(asking, request, value => reviewSchema.parse(value));
  return { allowed: status.allowed, reason: status.reason ?? '' };
}

/** Who the API server says that this user is; `undefined` where it does not say. */
export async function readUserName(asking: Asking): Promise<string | undefined> {
  try {
    const request = {
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      contentType: 'application/json',
      body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
    } as const;
    return await read(asking, request, value => userSchema.parse(value).status.userInfo.username);
  } catch (error) {
    if (error instanceof ClusterError && (error.kind === 'notFound' || error.kind === 'forbidden')) {
      return undefined;
    }
    throw error;
  }
}

/** The end of a container's log. */
export type LogTail = {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The run before the present one. */
  readonly previous: boolean;
  /** At most so many lines, and of them at most so many bytes of the end. */
  readonly lines: number;
  readonly limitBytes: number;
};

/** Reads the last lines of a container's log, oldest first; none where the log does not exist (yet). */
export async function readLogTail(asking: Asking, tail: LogTail): Promise<readonly string[]> {
  const { namespace, pod, container, previous, lines, limitBytes } = tail;
  try {
    const text = await send(asking, {
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`,
      // The API server's own limit cuts the end off, which is the part that says why: it is only a safeguard.
      query: { container, previous: previous || undefined, tailLines: lines, limitBytes: largestTail },
      accept: '*/*',
      maxBytes: largestTail + 65_536,
    });
    const read = text.split('\n').map(line => line.replace(controls, ''));
    return cutToBytes(
      read.filter(line => line !== ''),
      lines,
      limitBytes,
    );
  } catch (error) {
    if (error instanceof ClusterError && (error.kind === 'notFound' || error.kind === 'invalid')) {
      return [];
    }
    throw error;
  }
}

const largestTail = 4 * 1024 * 1024;

/** One event of the cluster. */
export type ClusterEvent = {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** ISO time in UTC of its last occurrence. */
  readonly at: string;
};

/** Reads the events about one object, by its uid, oldest first; at most `limit`, the newest. */
export async function readEvents(
  asking: Asking,
  object: { readonly namespace: string; readonly uid: string; readonly limit: number },
): Promise<readonly ClusterEvent[]> {
  const request = {
    path: `/api/v1/namespaces/${encodeURIComponent(object.namespace)}/events`,
    query: { fieldSelector: `involvedObject.uid=${object.uid}`, limit: 500 },
  };
  return (await read(asking, request, parseEvents))
    .sort((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0))
    .slice(-object.limit);
}

/** Parses a list of events. */
export function parseEvents(list: unknown): ClusterEvent[] {
  return eventsSchema.parse(list).items.map(event => ({
    type: event.type ?? 'Normal',
    reason: event.reason ?? '',
    message: event.message?.trim() ?? '',
    count: event.series?.count ?? event.count ?? 1,
    at:
      event.series?.lastObservedTime ??
      event.lastTimestamp ??
      event.eventTime ??
      event.firstTimestamp ??
      event.metadata.creationTimestamp ??
      '',
  }));
}

/** `{"kind": "Deployment", "metadata": {"name": "web"}}`: parses the answer for one object. */
function parseObject(value: unknown): KubernetesObject {
  return objectSchema.parse(value);
}

const objectSchema = z.record(z.string(), z.json());
const reviewSchema = z.object({
  status: z.object({ allowed: z.boolean(), reason: z.exactOptional(z.string()) }),
});
const userSchema = z.object({ status: z.object({ userInfo: z.object({ username: z.string() }) }) });
const eventsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ creationTimestamp: z.nullish(z.string()) }),
      type: z.nullish(z.string()),
      reason: z.nullish(z.string()),
      message: z.nullish(z.string()),
      count: z.nullish(z.number()),
      firstTimestamp: z.nullish(z.string()),
      lastTimestamp: z.nullish(z.string()),
      eventTime: z.nullish(z.string()),
      series: z.nullish(z.object({ count: z.number(), lastObservedTime: z.nullish(z.string()) })),
    }),
  ),
});

function read<T>(
  { connection, signal }: Asking,
  request: ClusterRequest,
  parse: (value: unknown) => T,
): Promise<T> {
  return readAnswer(connection, { ...request, ...optional('signal', signal) }, parse);
}

function send({ connection, signal }: Asking, request: ClusterRequest): Promise<string> {
  return connection.send({ ...request, ...optional('signal', signal) });
}

/** `conflict with "flagger" using apps/v1` alone does not name the field. */
function buildConflict(message: string | undefined, field: string | undefined): string {
  return [field, message].filter(part => part !== undefined && part !== '').join(': ');
}

/** Every control character but the tab, with the rest of the sequence that it begins: they would garble a line. */
const controls = /[\p{Cc}--[\t]](?:\[[0-9;?]*[@-~])?/gv;

/** The log's first line may have been cut by the API server; the newest lines are the ones that matter. */
function cutToBytes(lines: readonly string[], most: number, limitBytes: number): string[] {
  const kept: string[] = [];
  let size = 0;
  for (const line of lines.slice(-most).reverse()) {
    const bytes = Buffer.byteLength(line) + 1;
    if (size + bytes > limitBytes) {
      if (kept.length === 0) {
        kept.push(Buffer.from(line).subarray(0, limitBytes).toString('utf8'));
      }
      break;
    }
    size += bytes;
    kept.push(line);
  }
  return kept.reverse();
}
