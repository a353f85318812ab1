import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import type { ClusterApi } from './clusterApi.ts';

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.object({
    containers: z.array(z.object({ name: z.string(), image: z.string() })),
    initContainers: z.array(z.object({ name: z.string() })).optional(),
  }),
  status: z
    .object({
      containerStatuses: z
        .array(
          z.object({
            name: z.string(),
            ready: z.boolean(),
            restartCount: z.int(),
            state: z.object({ running: z.object({ startedAt: z.string() }).optional() }).optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});

/** The part of a pod that its logs depend on. */
export type Pod = z.infer<typeof podSchema>;

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(podSchema),
});
const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED']), object: podSchema }),
  z.object({
    type: z.literal('BOOKMARK'),
    object: z.object({ metadata: z.object({ resourceVersion: z.string() }) }),
  }),
  z.object({ type: z.literal('ERROR'), object: z.unknown() }),
]);

/** All pods there are (after every interruption, too), or one that changed or went. */
export type PodChange =
  | { kind: 'all'; pods: Pod[] }
  | { kind: 'changed'; pod: Pod }
  | { kind: 'deleted'; pod: Pod };

/** Follows the pods of all namespaces until `signal` aborts, through cuts and restarts of the API server. */
export async function* followPods(api: ClusterApi, signal: AbortSignal): AsyncIterable<PodChange> {
  while (!signal.aborted) {
    try {
      const list = listSchema.parse(await api.get('/api/v1/pods'));
      yield { kind: 'all', pods: list.items };
      yield* followFrom(api, list.metadata.resourceVersion, signal);
    } catch {
      // The API server is away or the version is too old: begin anew with a list, in a moment.
      await wait(500, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function* followFrom(api: ClusterApi, start: string, signal: AbortSignal): AsyncIterable<PodChange> {
  let version = start;
  while (!signal.aborted) {
    const path = `/api/v1/pods?watch=true&allowWatchBookmarks=true&timeoutSeconds=240&resourceVersion=${version}`;
    for await (const line of api.followLines(path, signal)) {
      const event = eventSchema.parse(line);
      if (event.type === 'ERROR') {
        return;
      }
      version = event.object.metadata.resourceVersion;
      if (event.type !== 'BOOKMARK') {
        yield { kind: event.type === 'DELETED' ? 'deleted' : 'changed', pod: event.object };
      }
    }
  }
}
