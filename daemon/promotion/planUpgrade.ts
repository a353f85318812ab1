import { findManifestImages, type ManifestObject, parseManifest } from '../clusters/parseManifest.ts';
import { buildHelmSteps, buildUpgradeOptions, type HelmMethodInput } from '../methods/helmMethod.ts';
import type { ImageChange, PlannedStep } from '../model/plan.ts';
import type { Component, HelmMethod } from '../model/procedure.ts';
import type { HelmRevision } from '../model/rollout.ts';
import { buildWorkloadKey, type WorkloadImages } from '../model/runningVersion.ts';
import { fillTemplate } from '../model/template.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { findNewestRevision, isInstallation, isPending } from '../steps/helmHistory.ts';
import { withHelmErrors } from '../tools/helm/helmProblem.ts';
import { buildRenderRun, type RenderedChart } from '../tools/helm/render.ts';
import { readHelmRevisions } from '../watching/clusterWorld.ts';
import { readWorkloadImages } from '../watching/readLiveMarks.ts';
import { describeHooks } from './describeHooks.ts';
import { describeOnDelete } from './describeOnDelete.ts';
import { describeRefused } from './describeRefused.ts';
import { explainMissingKind } from './explainMissingKind.ts';
import { describeUpgradeConflicts } from './fieldConflicts.ts';
import { type LivePart, type PlanContext, requireHelm } from './planContext.ts';
import { type Diffs, readDiffs } from './readDiffs.ts';
import { readHelmMajor } from './readHelmMajor.ts';
import {
  describeUnread,
  findGoodRevision,
  findOwnImages,
  lostRemovals,
  type RecordedRevision,
} from './revisionRecords.ts';
import { buildWorkloadWarnings } from './workloadWarnings.ts';

/** What an upgrade of one component brings. */
export type ComponentUpgrade = LivePart & { readonly steps: readonly PlannedStep[] };

/** Plans the upgrade of one component to a release: its steps, its images, and what would change in the cluster. */
export async function planUpgrade(
  context: PlanContext,
  component: Component,
  release: { readonly version: string; readonly commit: string },
): Promise<ComponentUpgrade> {
  const { environment, access, policy, repository, planId } = context;
  const { helm } = requireHelm(component);
  const values = { version: release.version, commit: release.commit, environment: environment.name };
  const pattern = policy.procedure.releases.images[component.name];
  const helmRelease = fillTemplate(helm.release, values);
  const rows = await readHelmRevisions(access.cluster, { namespace: access.namespace, release: helmRelease });
  const newest = findNewestRevision(rows);
  requireFree(newest);
  requireInstallable(helm, newest, { environment: environment.name, release: helmRelease });
  const good = await findGoodRevision(context, rows);
  const input: HelmMethodInput = {
    component,
    method: helm,
    promotionId: planId,
    namespace: access.namespace,
    values,
    ...(pattern === undefined ? {} : { image: fillTemplate(pattern, values) }),
    baseRevision: newest?.revision ?? 0,
    ...(good ? { goodRevision: good.row.revision, goodWorkloads: findOwnImages(good, access) } : {}),
  };
  const options = buildUpgradeOptions(input);
  const { chart, values: files } = options;
  const chartWarnings = await repository.contents.checkChart({
    commit: release.commit,
    version: release.version,
    chart,
    values: files,
    governing: { commit: policy.commit, from: policy.from },
  });
  const { lateReturns, ...live } = await readLive(context, input, {
    commit: release.commit,
    newest,
    good,
    helmRelease,
  });
  const waitOutDeadlines = lateReturns.length > 0;
  const major = waitOutDeadlines || helm.wait === 'legacy' ? await readHelmMajor(context) : 4;
  return {
    ...live,
    steps: buildHelmSteps({ ...input, waitOutDeadlines, major }),
    warnings: [
      // Helm 3 has no watcher.
      ...(major === 3 ? [] : lateReturns.map(describeLateReturn)),
      ...(component.methods[0] === 'helm'
        ? []
        : [`${component.name} prefers ${component.methods[0]}, which is not available yet: helm is used.`]),
      ...chartWarnings,
      ...live.warnings,
    ],
  };
}

async function readLive(
  context: PlanContext,
  input: HelmMethodInput,
  what: {
    readonly commit: string;
    readonly newest: HelmRevision | undefined;
    readonly good: RecordedRevision | undefined;
    readonly helmRelease: string;
  },
): Promise<LivePart & Pick<Diffs, 'lateReturns'>> {
  const { access, tools, repository, signal, kubeconfigPath } = context;
  const checkout = await repository.contents.checkout(what.commit);
  const options = buildUpgradeOptions(input);
  let rendered: RenderedChart;
  try {
    rendered = await withHelmErrors(() =>
      tools.run(buildRenderRun(options), {
        cwd: checkout.folder,
        kubeconfig: kubeconfigPath,
        timeoutMs: 60_000,
        signal,
      }),
    );
  } catch (error) {
    throw await explainMissingKind(error, { checkout: checkout.folder, chart: options.chart });
  } finally {
    checkout.dispose();
  }
  const next = parseManifest(rendered.manifest);
  const stored = what.good?.objects ?? [];
  // Before the diff: what changes from here on is noticed when the plan starts.
  const workloads = listWorkloads(input.component, [...next, ...stored]);
  const live = await readWorkloadImages(access, workloads, signal);
  const { paused, ...diffs } = await readDiffs(context, { release: what.helmRelease, next, stored });
  return {
    ...diffs,
    images: buildImages(input, findManifestImages(next), live),
    warnings: [
      ...describeUnread(what.good, lostRemovals),
      ...describeRefused(diffs.objects),
      ...(await describeUpgradeConflicts(context, diffs.objects, what)),
      ...paused,
      ...describeOnDelete(next, { live, wait: options.wait }),
      ...buildWorkloadWarnings(input, next),
      ...describeHooks(rendered.hooks, isInstallation(what.newest) ? 'install' : 'upgrade'),
    ],
    marks: {
      release: what.helmRelease,
      workloads,
      images: live,
      ...(what.newest ? { newest: what.newest } : {}),
    },
  };
}

function describeLateReturn(workload: string): string {
  return (
    `${workload} has missed its progress deadline and gets an earlier template back: helm's watcher would believe what is ` +
    'still said of the failed roll-out, so helm waits in its older way (--wait=legacy), to the end of its timeout if need be.'
  );
}

/** The workloads whose images count: the component's, and those of its chart. */
function listWorkloads(component: Component, objects: readonly ManifestObject[]): readonly string[] {
  const own = component.workload ? [buildWorkloadKey(component.workload)] : [];
  return [...new Set([...own, ...Object.keys(findManifestImages(objects))])];
}

/** The images of the component's workload: after, by what would be applied; before, by what runs. */
function buildImages(
  { component }: HelmMethodInput,
  after: WorkloadImages,
  before: WorkloadImages,
): readonly ImageChange[] {
  const keys = component.workload ? [buildWorkloadKey(component.workload)] : Object.keys(after);
  return keys.flatMap(key =>
    Object.entries(after[key] ?? {}).map(([container, image]) => {
      const old = before[key]?.[container];
      return {
        component: component.name,
        container,
        after: image,
        ...(old === undefined ? {} : { before: old }),
        digest: /@(sha256:[0-9a-f]+)$/.exec(image)?.[1] ?? 'unverified',
      };
    }),
  );
}

/** Helm refuses while its newest row is pending, whether somebody works on it or was killed. */
function requireFree(newest: HelmRevision | undefined): void {
  if (newest && isPending(newest)) {
    throw new SlipwayError(
      'pendingRevision',
      `Helm holds revision ${newest.revision} of ${newest.release} as ${newest.status} since ${newest.changedAt}: ` +
        'somebody is running helm there, or a helm was killed.',
      { details: { revision: String(newest.revision), status: newest.status } },
    );
  }
}

function requireInstallable(
  helm: HelmMethod,
  newest: HelmRevision | undefined,
  where: { readonly environment: string; readonly release: string },
): void {
  if (!newest && !helm.install) {
    throw new SlipwayError(
      'chartMissing',
      `Helm knows no release ${where.release} in ${where.environment}, and slipway.yaml does not say install: true.`,
      { next: "Add install: true to the component's helm method, or install the release yourself." },
    );
  }
}
