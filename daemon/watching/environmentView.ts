import type { LockHolder } from '../model/gates/gateInput.ts';
import type { Component, Environment } from '../model/procedure.ts';
import type { FailureCause, HelmRevision, WorkloadStatus } from '../model/rollout.ts';
import {
  decideRunningVersion,
  findWorkload,
  type ReleaseOfCommit,
  type WorkloadImages,
  type WorkloadSearch,
} from '../model/runningVersion.ts';
import { fillTemplate } from '../model/template.ts';
import type { ConnectionView, EnvironmentView, RunningView } from '../protocol/environment.ts';
import { findNewestRevision, isPending } from '../steps/helmHistory.ts';

/** What is known of an environment at one instant. */
export type EnvironmentFacts = {
  readonly environment: Environment;
  readonly components: readonly Component[];
  /** Component name to image pattern: `kosmos/agent:{version}`. */
  readonly imagePatterns: Readonly<Record<string, string>>;
  /** Newest first: what an image's commit is called. */
  readonly releases: readonly ReleaseOfCommit[];
  readonly connection: ConnectionView;
  readonly workloads: readonly WorkloadStatus[];
  readonly revisions: readonly HelmRevision[];
  readonly causes: readonly FailureCause[];
  /** Helm release to the images in its record of the deployed revision. */
  readonly recorded: Readonly<Record<string, WorkloadImages>>;
  /** True when the journal knows the revision as our own work. */
  readonly isOurs: (revision: HelmRevision) => boolean;
  readonly lock?: LockHolder;
  /** True while our own promotion explains a pending row. */
  readonly busy: boolean;
  /** What people should know about it, one sentence each. */
  readonly notices: readonly string[];
};

/** Builds what the trees show of an environment. */
export function buildEnvironmentView(facts: EnvironmentFacts): EnvironmentView {
  const { environment, connection } = facts;
  const components = facts.components.map(component => fillRelease(component, environment));
  const running = components.map(component => buildRunning(component, facts));
  const watched = components.flatMap(component => findWorkload(buildSearch(component, facts)) ?? []);
  const pending = facts.busy ? undefined : findPending(components, facts.revisions);
  return {
    name: environment.name,
    ...(environment.purpose === undefined ? {} : { purpose: environment.purpose }),
    ...(environment.data === undefined ? {} : { data: environment.data }),
    ...(environment.after === undefined ? {} : { after: environment.after }),
    ...(environment.cluster === undefined ? {} : { namespace: environment.cluster.namespace }),
    guarded: environment.guarded,
    connection,
    running,
    ...buildHealth(watched, facts),
    workloads: [...facts.workloads],
    causes: [...facts.causes],
    notices: [...facts.notices],
    ...(pending ? { pendingRevision: pending } : {}),
    ...(facts.lock ? { lock: facts.lock } : {}),
  };
}

function buildRunning(component: Component, facts: EnvironmentFacts): RunningView {
  const recorded = component.helm && facts.recorded[component.helm.release];
  const running = decideRunningVersion({
    ...buildSearch(component, facts),
    releases: facts.releases,
    revisions: facts.revisions,
    ...(recorded === undefined ? {} : { recorded }),
  });
  return {
    component: component.name,
    ...running,
    // An image that does not fit the pattern is shown as it is: a foreign image is no version of ours.
    ...(running.version === undefined && running.image !== undefined ? { version: running.image } : {}),
    outsideSlipway: running.helm !== undefined && !facts.isOurs(running.helm),
  };
}

/** The component with the name of its Helm release as it is here. */
function fillRelease(component: Component, { name: environment }: Environment): Component {
  const { helm } = component;
  const values = { environment, version: '', commit: '' };
  return helm ? { ...component, helm: { ...helm, release: fillTemplate(helm.release, values) } } : component;
}

function buildSearch(component: Component, { imagePatterns, workloads }: EnvironmentFacts): WorkloadSearch {
  const pattern = imagePatterns[component.name];
  return { component, workloads, ...(pattern === undefined ? {} : { pattern }) };
}

/** A component's release whose newest row is pending; other releases of the namespace are none of ours. */
function findPending(
  components: readonly Component[],
  revisions: readonly HelmRevision[],
): HelmRevision | undefined {
  return components
    .flatMap(({ helm }) => findNewestRevision(revisions.filter(row => row.release === helm?.release)) ?? [])
    .find(isPending);
}

/** The worst of the components' workloads; without a live connection nobody can say. */
function buildHealth(workloads: readonly WorkloadStatus[], facts: EnvironmentFacts) {
  if (facts.connection.state !== 'live') {
    return { health: 'unknown', healthReason: facts.connection.reason ?? 'It is not connected.' } as const;
  }
  if (workloads.length === 0) {
    return { health: 'unknown', healthReason: 'Nothing runs here yet.' } as const;
  }
  const order = ['fail', 'unknown', 'progressing', 'pass'] as const;
  const worst = order.flatMap(health => workloads.filter(workload => workload.health === health))[0];
  return {
    health: worst?.health ?? 'unknown',
    healthReason: worst?.reason ?? '',
    ...(worst ? { healthSince: worst.since } : {}),
  } as const;
}
