import type {
  EnvironmentView,
  FailureCause,
  PodStatus,
  RunningView,
  WorkloadStatus,
} from '../../daemon/protocol/environment.ts';
import type { Promotion } from '../../daemon/protocol/promotion.ts';
import type { ReleaseView } from '../../daemon/protocol/release.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import {
  emptyState,
  reduceStore,
  type StoreAction,
  type StoreState,
} from '../../extension/state/storeState.ts';
import { buildWords, fillIn, type Words } from '../../extension/words.ts';
import { aPlan, aStep } from './plan.ts';

/** Half past two on 23 November 2026, UTC. */
export const now = '2026-11-23T14:30:00.000Z';

/** English words in UTC at `now`. */
export function someWords(): Words {
  return buildWords({ translate: fillIn, language: 'en-GB', zone: 'UTC', now: () => new Date(now) });
}

/** A pod that is ready. */
export function aPod(values: Partial<PodStatus> = {}): PodStatus {
  return {
    uid: 'pod-1',
    name: 'agent-name-5d9-abcde',
    phase: 'Running',
    ready: true,
    createdAt: '2026-11-23T14:00:00.000Z',
    deleting: false,
    current: true,
    containers: [{ name: 'agent', image: 'kosmos/agent:v2.0.0', ready: true, restarts: 0, state: 'Running' }],
    ...values,
  };
}

/** A workload with three of three pods ready. */
export function aWorkload(values: Partial<WorkloadStatus> = {}): WorkloadStatus {
  return {
    kind: 'Deployment',
    name: 'agent-name',
    uid: 'workload-1',
    images: { agent: 'kosmos/agent:v2.0.0' },
    desired: 3,
    updated: 3,
    ready: 3,
    available: 3,
    health: 'pass',
    reason: '3 of 3 replicas are available',
    since: '2026-11-23T14:02:00.000Z',
    pods: [],
    ...values,
  };
}

/** A container that crashes. */
export function aCause(values: Partial<FailureCause> = {}): FailureCause {
  return {
    workload: 'agent-name',
    pod: 'agent-name-7f8-zzzzz',
    container: 'agent',
    reason: 'CrashLoopBackOff',
    message: 'back-off 10s restarting failed container',
    events: ['Warning BackOff: Back-off restarting failed container (x4)'],
    logLines: ['FATAL cannot read /etc/agent/config.yaml', 'exit 1'],
    at: '2026-11-23T14:29:00.000Z',
    ...values,
  };
}

/** What runs for the component `agent`. */
export function aRunning(values: Partial<RunningView> = {}): RunningView {
  return {
    component: 'agent',
    version: 'v2.0.0',
    image: 'kosmos/agent:v2.0.0',
    since: '2026-11-23T14:02:00.000Z',
    outsideSlipway: false,
    ...values,
  };
}

/** Staging, connected and healthy on v2.0.0. */
export function anEnvironment(values: Partial<EnvironmentView> = {}): EnvironmentView {
  return {
    name: 'staging',
    namespace: 'kosmos-staging',
    guarded: false,
    connection: { state: 'live', context: 'kosmos-staging' },
    running: [aRunning()],
    health: 'pass',
    healthReason: '3 of 3 replicas are available',
    healthSince: '2026-11-23T14:02:00.000Z',
    workloads: [aWorkload()],
    causes: [],
    notices: [],
    ...values,
  };
}

/** v2.1.0, that has got nowhere yet. */
export function aRelease(values: Partial<ReleaseView> = {}): ReleaseView {
  return {
    version: 'v2.1.0',
    tag: 'v2.1.0',
    commit: 'c'.repeat(40),
    author: 'Alice',
    date: '2026-11-20T09:00:00.000Z',
    subject: 'Answer faster',
    origin: 'both',
    reach: [],
    ...values,
  };
}

/** A repository that is trusted, with staging and v2.1.0. */
export function aRepository(values: Partial<RepositoryView> = {}): RepositoryView {
  return {
    id: 'repository',
    folder: '/work/kosmos',
    name: 'kosmos',
    procedure: 'valid',
    diagnostics: [],
    policy: { from: 'origin/main', commit: 'd'.repeat(40), workingTreeDiffers: false },
    trust: { state: 'trusted', commandsDigest: 'v1:0', commands: [], added: [], removed: [] },
    head: { branch: 'main', commit: 'd'.repeat(40), detached: false, dirty: false },
    notices: [],
    environments: [anEnvironment()],
    releases: [aRelease()],
    releaseCount: values.releases?.length ?? 1,
    promotions: [],
    ...values,
  };
}

/** A promotion of v2.1.0 to staging, in the middle of its first step. */
export function aPromotion(values: Partial<Promotion> = {}): Promotion {
  const steps = [
    aStep({ id: 'upgrade' }),
    aStep({ id: 'status', kind: 'helmStatus', title: 'helm status kosmos' }),
  ];
  return {
    id: 'promotion-1',
    plan: aPlan({ steps }),
    state: 'running',
    person: 'alice',
    requestedAt: '2026-11-23T14:28:00.000Z',
    startedAt: '2026-11-23T14:28:01.000Z',
    gates: [],
    steps: [
      { id: 'upgrade', state: 'running', attempt: 1, startedAt: '2026-11-23T14:28:02.000Z' },
      { id: 'status', state: 'waiting', attempt: 0 },
    ],
    compensations: [],
    cancelRequested: false,
    recoveries: 0,
    ...values,
  };
}

/** The state of a store after these actions. */
export function aStoreState(...actions: readonly StoreAction[]): StoreState {
  return actions.reduce((state, action) => reduceStore(state, action).state, emptyState);
}

/** The state of a window with one folder whose repository is open. */
export function anOpenState(repository = aRepository(), ...actions: readonly StoreAction[]): StoreState {
  const { folder } = repository;
  return aStoreState(
    { type: 'daemonChanged', daemon: { state: 'connected', person: 'alice', host: 'vm', version: '0.1.0' } },
    { type: 'foldersChanged', folders: [folder] },
    { type: 'folderOpened', folder, repository },
    ...actions,
  );
}
