import * as z from 'zod';
import type { FailureCause, HelmRevision, PodStatus, WorkloadStatus } from '../model/rollout.ts';
import { notification, request } from './define.ts';
import { gateSchema } from './gate.ts';

const podSchema: z.ZodType<PodStatus> = z.object({
  uid: z.string(),
  name: z.string(),
  phase: z.string(),
  ready: z.boolean(),
  node: z.exactOptional(z.string()),
  createdAt: z.string(),
  deleting: z.boolean(),
  current: z.boolean(),
  containers: z.array(
    z.object({
      name: z.string(),
      image: z.string(),
      imageId: z.exactOptional(z.string()),
      ready: z.boolean(),
      restarts: z.number(),
      state: z.string(),
      message: z.exactOptional(z.string()),
      lastEnd: z.exactOptional(z.string()),
    }),
  ),
  failure: z.exactOptional(z.string()),
});

const workloadSchema: z.ZodType<WorkloadStatus> = z.object({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet']),
  name: z.string(),
  uid: z.string(),
  images: z.record(z.string(), z.string()),
  desired: z.number(),
  updated: z.number(),
  ready: z.number(),
  available: z.number(),
  health: z.enum(['pass', 'fail', 'unknown', 'progressing']),
  reason: z.string(),
  since: z.string(),
  pods: z.array(podSchema),
});

const causeSchema: z.ZodType<FailureCause> = z.object({
  workload: z.string(),
  pod: z.string(),
  container: z.string(),
  reason: z.string(),
  message: z.exactOptional(z.string()),
  events: z.array(z.string()),
  logLines: z.array(z.string()),
  at: z.string(),
});

const revisionSchema: z.ZodType<HelmRevision> = z.object({
  release: z.string(),
  namespace: z.string(),
  revision: z.number(),
  status: z.string(),
  changedAt: z.string(),
  promotionId: z.exactOptional(z.string()),
  recordUid: z.exactOptional(z.string()),
});

/** What runs in an environment, for one component. */
const runningSchema = z.object({
  component: z.string(),
  /** The version by the workload's image; absent when nothing runs. */
  version: z.exactOptional(z.string()),
  image: z.exactOptional(z.string()),
  /** The version by Helm's own record, only where it differs. */
  helmVersion: z.exactOptional(z.string()),
  helm: z.exactOptional(revisionSchema),
  /** Since when this version has run, as an ISO time in UTC. */
  since: z.exactOptional(z.string()),
  /** True when the journal does not know the revision. */
  outsideSlipway: z.boolean(),
});

/** How the connection to an environment's cluster stands. */
const connectionSchema = z.object({
  state: z.enum(['notConnected', 'connecting', 'live', 'stale', 'wrongCluster', 'forbidden', 'failed']),
  context: z.exactOptional(z.string()),
  /** Why it is not live, as one sentence. */
  reason: z.exactOptional(z.string()),
  /** The error code of the reason. */
  code: z.exactOptional(z.string()),
  /** What people can do about it. */
  next: z.exactOptional(z.string()),
  /** Since when what is shown may be old, as an ISO time in UTC. */
  staleSince: z.exactOptional(z.string()),
});

/** An environment as it stands. */
export const environmentSchema = z.object({
  name: z.string(),
  purpose: z.exactOptional(z.string()),
  data: z.exactOptional(z.string()),
  after: z.exactOptional(z.string()),
  namespace: z.exactOptional(z.string()),
  guarded: z.boolean(),
  connection: connectionSchema,
  running: z.array(runningSchema),
  health: z.enum(['pass', 'fail', 'unknown', 'progressing']),
  healthReason: z.string(),
  /** Since when the health has been so, as an ISO time in UTC. */
  healthSince: z.exactOptional(z.string()),
  workloads: z.array(workloadSchema),
  causes: z.array(causeSchema),
  /** Sentences that people should know: a cluster that was taken without an id, what cannot be shown and why. */
  notices: z.array(z.string()),
  /** A `pending-*` row of Helm that no running promotion explains. */
  pendingRevision: z.exactOptional(revisionSchema),
  /** The promotion that holds the environment's lock. */
  lock: z.exactOptional(
    z.object({
      promotionId: z.string(),
      person: z.string(),
      since: z.string(),
      release: z.string(),
      /** Since when its promotion has been over and needs a person, as an ISO time in UTC; absent while it runs. */
      needsPersonSince: z.exactOptional(z.string()),
    }),
  ),
});

/** An environment as it stands. */
export type EnvironmentView = z.infer<typeof environmentSchema>;

/** What runs in an environment, for one component. */
export type RunningView = z.infer<typeof runningSchema>;

/** How the connection to an environment's cluster stands. */
export type ConnectionView = z.infer<typeof connectionSchema>;

/** A context of the person's kubeconfig. */
export const contextSchema = z.object({
  name: z.string(),
  server: z.string(),
  user: z.string(),
  namespace: z.exactOptional(z.string()),
  /** True when the name fits the environment. */
  suggested: z.boolean(),
});

/** Requests about environments. */
export const environmentRequests = {
  /** Lists the kubeconfig's contexts for an environment, best first; contacts nothing. */
  'environment.contexts': request(
    z.object({ repositoryId: z.string(), environment: z.string() }),
    z.object({ contexts: z.array(contextSchema), kubeconfigs: z.array(z.string()) }),
  ),
  /** The person's consent: from now on Slipway watches this environment through this context. */
  'environment.connect': request(
    z.object({ repositoryId: z.string(), environment: z.string(), context: z.string() }),
    environmentSchema,
  ),
  /** Withdraws the consent. */
  'environment.disconnect': request(
    z.object({ repositoryId: z.string(), environment: z.string() }),
    environmentSchema,
  ),
  /** Decides the gates for a release now, without a plan. */
  'environment.gates': request(
    z.object({ repositoryId: z.string(), environment: z.string(), release: z.string() }),
    z.object({ gates: z.array(gateSchema) }),
  ),
};

/** Notifications about environments. */
export const environmentNotifications = {
  /** The whole of an environment after a change in its cluster. */
  'environment.changed': notification(z.object({ repositoryId: z.string(), environment: environmentSchema })),
};

export type { FailureCause, Health, HelmRevision, PodStatus, WorkloadStatus } from '../model/rollout.ts';
