import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { Result } from '../../daemon/protocol/messages.ts';
import type { Promotion } from '../../daemon/protocol/promotion.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import type { StoreState } from './storeState.ts';

/** How many of the newest promotions and releases are named. */
const shownPromotions = 20;
const shownReleases = 10;

/**
 * What the window knows, as it may leave this machine: each fact is named here. What tools printed, what pods logged,
 * texts of commits, values of charts and addresses of clusters are none of them.
 */
export function buildWindowFacts(state: StoreState): unknown {
  return {
    daemon: state.daemon,
    tools: state.tools,
    folders: state.folders.map(({ repositoryId, problem }) => ({
      opened: repositoryId !== undefined,
      ...(problem ? { problem: { code: problem.code, message: problem.message } } : {}),
    })),
    repositories: [...state.repositories.values()].map(buildRepositoryFacts),
    journalSeenUpTo: state.sequence,
  };
}

/** How the daemon is set up, without the addresses of clusters and who logs in there. */
export function buildSetupFacts({ contexts, ...setup }: Result<'setup.show'>): unknown {
  return {
    ...setup,
    contexts: contexts.map(({ name, namespace, current }) => ({ name, namespace, current })),
  };
}

function buildRepositoryFacts(repository: RepositoryView): unknown {
  const { procedure, diagnostics, policy, trust, head, notices, environments, releases, promotions } =
    repository;
  return {
    name: repository.name,
    procedure,
    diagnostics: diagnostics.map(({ severity, message, path, startLine }) => ({
      severity,
      message,
      path,
      line: startLine + 1,
    })),
    policy,
    trust: { state: trust.state, commands: trust.commands.length },
    head: { branch: head.branch, commit: head.commit, detached: head.detached, dirty: head.dirty },
    notices,
    environments: environments.map(buildEnvironmentFacts),
    releases: {
      count: releases.length,
      newest: releases.slice(0, shownReleases).map(({ version }) => version),
    },
    promotions: promotions.slice(0, shownPromotions).map(buildPromotionFacts),
  };
}

function buildEnvironmentFacts(environment: EnvironmentView): unknown {
  const { name, after, guarded, connection, health, healthReason, healthSince, lock, notices } = environment;
  return {
    name,
    after,
    guarded,
    connection,
    health,
    healthReason,
    healthSince,
    running: environment.running.map(({ component, version, helmVersion, helm, since, outsideSlipway }) => ({
      component,
      version,
      helmVersion,
      helm: helm && { revision: helm.revision, status: helm.status },
      since,
      outsideSlipway,
    })),
    workloads: environment.workloads.map(workload => ({
      kind: workload.kind,
      name: workload.name,
      desired: workload.desired,
      ready: workload.ready,
      health: workload.health,
      reason: workload.reason,
      pods: workload.pods.map(({ phase, ready, failure }) => ({ phase, ready, failure })),
    })),
    causes: environment.causes.map(({ workload, container, reason }) => ({ workload, container, reason })),
    notices,
    pendingRevision: environment.pendingRevision?.status,
    lock: lock && { since: lock.since, release: lock.release, needsPersonSince: lock.needsPersonSince },
  };
}

function buildPromotionFacts(promotion: Promotion): unknown {
  const { id, plan, state, requestedAt, startedAt, endedAt, recoveries, cancelRequested } = promotion;
  return {
    id,
    kind: plan.kind,
    release: plan.release.version,
    environment: plan.target.environment,
    state,
    requestedAt,
    startedAt,
    endedAt,
    recoveries,
    cancelRequested,
    gates: promotion.gates.map(gate => ({ kind: gate.kind, state: gate.state })),
    steps: promotion.steps.map(step => ({
      id: step.id,
      state: step.state,
      attempt: step.attempt,
      startedAt: step.startedAt,
      endedAt: step.endedAt,
      exit: step.exit,
      seen: step.inspection?.state,
    })),
  };
}
