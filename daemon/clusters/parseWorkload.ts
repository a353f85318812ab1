import * as z from 'zod';
import type { JsonValue } from '../model/canonicalJson.ts';
import { buildDigest, type Digest } from '../model/digest.ts';
import type { ReplicaSetFacts, WorkloadFacts } from '../model/workloadFacts.ts';
import { conditionsSchema, findOwnerUid, metadataSchema } from './objectSchemas.ts';
import { optional } from './optional.ts';

/** Parses a Deployment, StatefulSet or DaemonSet into what is kept of it; throws for anything else. */
export function parseWorkload(kind: WorkloadFacts['kind'], object: unknown): WorkloadFacts {
  const workload = workloadSchema.parse(object);
  const { metadata, spec, status } = workload;
  const annotations = metadata.annotations ?? {};
  const template = templateSchema.parse(spec.template);
  const updateType = spec.updateStrategy?.type;
  return {
    kind,
    name: metadata.name,
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    generation: metadata.generation,
    observedGeneration: status?.observedGeneration ?? 0,
    images: Object.fromEntries(template.spec.containers.map(({ name, image }) => [name, image])),
    template: buildTemplateDigest(spec.template),
    ...buildNumbers(kind, workload),
    paused: spec.paused ?? false,
    onDelete: updateType === 'OnDelete',
    ordered: kind === 'StatefulSet' && spec.podManagementPolicy !== 'Parallel',
    partition: spec.updateStrategy?.rollingUpdate?.partition ?? 0,
    ...optional('revision', annotations['deployment.kubernetes.io/revision']),
    ...optional('updateRevision', status?.updateRevision),
    ...optional('currentRevision', status?.currentRevision),
    ...optional('templateGeneration', annotations['deprecated.daemonset.template.generation']),
    conditions: (status?.conditions ?? []).map(condition => ({
      type: condition.type,
      status: condition.status,
      ...optional('reason', condition.reason),
      ...optional('message', condition.message),
      ...optional('changedAt', condition.lastTransitionTime ?? undefined),
      ...optional('updatedAt', condition.lastUpdateTime ?? undefined),
    })),
    labelled: {
      ...optional('release', annotations['meta.helm.sh/release-name']),
      ...optional('chart', metadata.labels?.['helm.sh/chart']),
      ...optional('version', metadata.labels?.['app.kubernetes.io/version']),
    },
  };
}

/** Parses a ReplicaSet into what is kept of it; throws for anything else. */
export function parseReplicaSet(object: unknown): ReplicaSetFacts {
  const { metadata, spec } = replicaSetSchema.parse(object);
  return {
    uid: metadata.uid,
    name: metadata.name,
    ...optional('ownerUid', findOwnerUid(metadata)),
    createdAt: metadata.creationTimestamp,
    template: buildTemplateDigest(spec.template),
    ...optional('revision', metadata.annotations?.['deployment.kubernetes.io/revision']),
  };
}

const annotatedSchema = metadataSchema.extend({
  generation: z.number().default(0),
  annotations: z.exactOptional(z.record(z.string(), z.string())),
});
const templateSchema = z.object({
  spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string().default('') })) }),
});
const count = z.number().default(0);
const workloadSchema = z.object({
  metadata: annotatedSchema,
  spec: z.object({
    replicas: z.exactOptional(z.number()),
    paused: z.exactOptional(z.boolean()),
    podManagementPolicy: z.exactOptional(z.string()),
    template: z.json(),
    updateStrategy: z.exactOptional(
      z.object({
        type: z.exactOptional(z.string()),
        rollingUpdate: z.nullish(z.object({ partition: z.exactOptional(z.number()) })),
      }),
    ),
  }),
  status: z.exactOptional(
    z.object({
      observedGeneration: z.exactOptional(z.number()),
      replicas: count,
      updatedReplicas: count,
      readyReplicas: count,
      availableReplicas: count,
      desiredNumberScheduled: count,
      currentNumberScheduled: count,
      updatedNumberScheduled: count,
      numberReady: count,
      numberAvailable: count,
      updateRevision: z.exactOptional(z.string()),
      currentRevision: z.exactOptional(z.string()),
      conditions: z.exactOptional(conditionsSchema),
    }),
  ),
});
const replicaSetSchema = z.object({ metadata: annotatedSchema, spec: z.object({ template: z.json() }) });
const metadataOfTemplate = z.looseObject({
  metadata: z.exactOptional(z.looseObject({ labels: z.exactOptional(z.record(z.string(), z.string())) })),
});

type Numbers = Pick<WorkloadFacts, 'desired' | 'replicas' | 'updated' | 'ready' | 'available'>;

function buildNumbers(
  kind: WorkloadFacts['kind'],
  { spec, status }: z.infer<typeof workloadSchema>,
): Numbers {
  if (kind === 'DaemonSet') {
    return {
      desired: status?.desiredNumberScheduled ?? 0,
      replicas: status?.currentNumberScheduled ?? 0,
      updated: status?.updatedNumberScheduled ?? 0,
      ready: status?.numberReady ?? 0,
      available: status?.numberAvailable ?? 0,
    };
  }
  return {
    desired: spec.replicas ?? 1,
    replicas: status?.replicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
  };
}

/** As the Deployment controller compares templates: without the label that it adds itself. */
function buildTemplateDigest(template: JsonValue): Digest {
  const { metadata, ...rest } = metadataOfTemplate.parse(template);
  const { 'pod-template-hash': _hash, ...labels } = metadata?.labels ?? {};
  return buildDigest({ ...rest, metadata: { ...metadata, labels } } as JsonValue);
}
