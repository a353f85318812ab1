import * as z from 'zod';
import type {
  ContainerEnd,
  ContainerFacts,
  ContainerRun,
  ContainerState,
  PodFacts,
} from '../model/podFacts.ts';
import { conditionsSchema, findJobName, findOwnerUid, metadataSchema } from './objectSchemas.ts';
import { optional } from './optional.ts';

/** Parses a pod of the API server into what is kept of it; throws for anything else. */
export function parsePod(object: unknown): PodFacts {
  const { metadata, spec, status } = podSchema.parse(object);
  const ready = findCondition(status, 'Ready');
  const scheduled = findCondition(status, 'PodScheduled');
  const { labels } = metadata;
  return {
    uid: metadata.uid,
    name: metadata.name,
    phase: status?.phase ?? 'Pending',
    ...optional('reason', status?.reason),
    ...optional('message', status?.message),
    ...optional('node', spec.nodeName),
    createdAt: metadata.creationTimestamp,
    deleting: metadata.deletionTimestamp !== undefined,
    ready: ready?.status === 'True',
    ...optional('readySince', ready?.lastTransitionTime ?? undefined),
    ...(scheduled?.status === 'False'
      ? { unschedulable: scheduled.message || scheduled.reason || 'no reason given' }
      : {}),
    ...optional('ownerUid', findOwnerUid(metadata)),
    ...optional('job', findJobName(metadata)),
    ...optional('revisionHash', labels?.['controller-revision-hash']),
    ...optional('templateGeneration', labels?.['pod-template-generation']),
    containers: [
      ...(spec.initContainers ?? []).map(container =>
        buildContainer(container, status?.initContainerStatuses ?? [], container.restartPolicy !== 'Always'),
      ),
      ...spec.containers.map(container => buildContainer(container, status?.containerStatuses ?? [], false)),
    ],
    ...optional(
      'debugContainers',
      spec.ephemeralContainers?.map(container =>
        buildContainer(container, status?.ephemeralContainerStatuses ?? [], false),
      ),
    ),
  };
}

const endSchema = z.object({
  exitCode: z.number(),
  reason: z.exactOptional(z.string()),
  message: z.exactOptional(z.string()),
  startedAt: z.nullish(z.string()),
  finishedAt: z.nullish(z.string()),
  containerID: z.exactOptional(z.string()),
});
const waitingSchema = z.object({
  reason: z.exactOptional(z.string()),
  message: z.exactOptional(z.string()),
});
const stateSchema = z.object({
  waiting: z.exactOptional(waitingSchema),
  running: z.exactOptional(z.object({ startedAt: z.nullish(z.string()) })),
  terminated: z.exactOptional(endSchema),
});
const probeSchema = z.object({
  initialDelaySeconds: z.number().default(0),
  periodSeconds: z.number().default(10),
  failureThreshold: z.number().default(3),
});
const containerSchema = z.object({
  name: z.string(),
  image: z.string().default(''),
  restartPolicy: z.exactOptional(z.string()),
  readinessProbe: z.exactOptional(probeSchema),
  startupProbe: z.exactOptional(probeSchema),
});
const statusSchema = z.object({
  name: z.string(),
  imageID: z.exactOptional(z.string()),
  containerID: z.exactOptional(z.string()),
  ready: z.boolean(),
  restartCount: z.number(),
  state: z.exactOptional(stateSchema),
  lastState: z.exactOptional(stateSchema),
});
const podSchema = z.object({
  metadata: metadataSchema.extend({ deletionTimestamp: z.exactOptional(z.string()) }),
  spec: z.object({
    nodeName: z.exactOptional(z.string()),
    initContainers: z.exactOptional(z.array(containerSchema)),
    containers: z.array(containerSchema),
    ephemeralContainers: z.exactOptional(z.array(containerSchema)),
  }),
  status: z.exactOptional(
    z.object({
      phase: z.exactOptional(z.string()),
      reason: z.exactOptional(z.string()),
      message: z.exactOptional(z.string()),
      conditions: z.exactOptional(conditionsSchema),
      initContainerStatuses: z.exactOptional(z.array(statusSchema)),
      containerStatuses: z.exactOptional(z.array(statusSchema)),
      ephemeralContainerStatuses: z.exactOptional(z.array(statusSchema)),
    }),
  ),
});

type Status = z.infer<typeof podSchema>['status'];
type ContainerStatus = z.infer<typeof statusSchema>;

function findCondition(status: Status, type: string) {
  return status?.conditions?.find(condition => condition.type === type);
}

function buildContainer(
  container: z.infer<typeof containerSchema>,
  statuses: readonly ContainerStatus[],
  init: boolean,
): ContainerFacts {
  const status = statuses.find(({ name }) => name === container.name);
  const lastEnd = status?.lastState?.terminated;
  return {
    name: container.name,
    image: container.image,
    ...optional('imageId', status?.imageID || undefined),
    init,
    ready: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
    state: buildState(status),
    ...(lastEnd ? { lastEnd: buildEnd(lastEnd) } : {}),
    ...optional('run', buildRun(status)),
    ...optional('previousRun', lastEnd && buildRunOf(lastEnd)),
    ...optional('readySeconds', buildReadySeconds(container)),
  };
}

function buildState(status: ContainerStatus | undefined): ContainerState {
  const { waiting, running, terminated } = status?.state ?? {};
  if (running) {
    return { type: 'running', startedAt: running.startedAt ?? new Date(0).toISOString() };
  }
  if (terminated) {
    return { type: 'terminated', end: buildEnd(terminated) };
  }
  return { type: 'waiting', reason: waiting?.reason ?? '', ...optional('message', waiting?.message) };
}

function buildEnd(end: z.infer<typeof endSchema>): ContainerEnd {
  return {
    exitCode: end.exitCode,
    ...optional('reason', end.reason),
    ...optional('message', end.message?.trim().slice(0, 2000) || undefined),
    ...optional('finishedAt', end.finishedAt ?? undefined),
  };
}

/** What the kubelet takes for a container's log: the present run, or while it waits the last one. */
function buildRun(status: ContainerStatus | undefined): ContainerRun | undefined {
  const { running, terminated } = status?.state ?? {};
  if (running) {
    return buildRunOf({ containerID: status?.containerID, startedAt: running.startedAt });
  }
  const ended = terminated ?? status?.lastState?.terminated;
  return ended && buildRunOf(ended);
}

function buildRunOf(run: {
  readonly containerID?: string | undefined;
  readonly startedAt?: string | null | undefined;
}): ContainerRun | undefined {
  const startedAt = run.startedAt ?? undefined;
  const id = run.containerID || startedAt;
  return id === undefined ? undefined : { id, ...optional('startedAt', startedAt) };
}

/** A container needs a moment, even where its probes are set to give it none. */
const leastReadySeconds = 30;

function buildReadySeconds(container: z.infer<typeof containerSchema>): number | undefined {
  const { readinessProbe, startupProbe } = container;
  if (!readinessProbe) {
    return undefined;
  }
  const seconds = [readinessProbe, startupProbe]
    .map(probe => (probe ? probe.initialDelaySeconds + probe.periodSeconds * probe.failureThreshold : 0))
    .reduce((sum, one) => sum + one, 0);
  return Math.max(leastReadySeconds, seconds);
}
