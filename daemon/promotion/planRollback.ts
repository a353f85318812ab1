import { findManifestImages } from '../clusters/parseManifest.ts';
import { buildHelmRollbackSteps } from '../methods/helmRollbackMethod.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Component } from '../model/procedure.ts';
import type { HelmRevision } from '../model/rollout.ts';
import { buildWorkloadKey, findRelease, type WorkloadImages } from '../model/runningVersion.ts';
import { fillTemplate } from '../model/template.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { describeRevision } from '../steps/describeFailure.ts';
import { findNewestRevision, isPending } from '../steps/helmHistory.ts';
import { readHelmRevisions } from '../watching/clusterWorld.ts';
import { readWorkloadImages } from '../watching/readLiveMarks.ts';
import { describeHooks } from './describeHooks.ts';
import { appliesOnServer, listConflicts } from './fieldConflicts.ts';
import { type LivePart, type PlanContext, requireHelm } from './planContext.ts';
import { readDiffs } from './readDiffs.ts';
import {
  describeUnread,
  findOwnImages,
  followGoodRevisions,
  lostRemovals,
  type RecordedRevision,
  readRecorded,
} from './revisionRecords.ts';

/** What the way back of one component brings. */
export type ComponentRollback = LivePart & {
  readonly steps: readonly PlannedStep[];
  /** The version that runs after it; absent when nothing will. */
  readonly version?: string;
};

type Recorded = RecordedRevision & {
  /** The image of the component's workload in its manifest. */
  readonly image: string | undefined;
};

/** Plans the way back of one component: the highest earlier revision that was good and differs. */
export async function planRollback(context: PlanContext, component: Component): Promise<ComponentRollback> {
  const { environment, access, policy } = context;
  const { helm } = requireHelm(component);
  const release = fillTemplate(helm.release, { environment: environment.name, version: '', commit: '' });
  const rows = await readHelmRevisions(access.cluster, { namespace: access.namespace, release });
  const newest = findNewestRevision(rows);
  if (!newest) {
    throw new SlipwayError('noGoodRevision', `Helm knows no release ${release} in ${environment.name}.`);
  }
  const current = withImage(component, await readRecorded(context, newest));
  const target = await chooseTarget(context, { component, rows, current });
  const base = {
    component,
    method: helm,
    release,
    namespace: access.namespace,
    baseRevision: newest.revision,
  };
  const [stored, next] = [current.objects, target?.objects ?? []];
  const workloads = Object.keys(findManifestImages([...stored, ...next]));
  const images = await readWorkloadImages(access, workloads, context.signal);
  const marks = { release, newest, workloads, images };
  if (!target) {
    const removal = planUninstall(newest, base);
    const { objects, texts } = await readDiffs(context, { release, next, stored });
    const warnings = [
      ...removal.warnings,
      ...describeUnread(current, lostRemovals),
      ...describeHooks(current.record.hooks, 'delete'),
    ];
    return { images: [], marks, ...removal, warnings, objects, texts };
  }
  // Without the objects of the target it would seem that everything goes.
  const { objects, texts, paused } =
    target.unread === undefined ? await readDiffs(context, { release, next, stored }) : noDiffs;
  const taken = listConflicts(objects);
  // A way back that stops at a field which somebody set by hand would be none.
  const forceConflicts = taken.length > 0 && (await appliesOnServer(context, target.record));
  const pattern = policy.procedure.releases.images[component.name];
  const { releases } = context.repository.contents;
  const version =
    target.image === undefined
      ? undefined
      : findRelease(target.image, { releases, ...(pattern === undefined ? {} : { pattern }) });
  return {
    objects,
    texts,
    marks,
    steps: buildHelmRollbackSteps({
      ...base,
      toRevision: target.row.revision,
      forceConflicts,
      workloads: findOwnImages(target, access),
    }),
    images: buildImages(component, target, images),
    warnings: [
      ...explain(current, target),
      ...paused,
      ...describeUnread(current, lostRemovals),
      ...describeUnread(target, 'what changes is not shown, and no workload is verified'),
      ...describeHooks(target.record.hooks, 'rollback'),
      ...taken.map(
        text => `${text}: the rollback takes it over${forceConflicts ? ' (--force-conflicts)' : ''}.`,
      ),
    ],
    ...(version === undefined ? {} : { version }),
  };
}

const noDiffs = {
  objects: [],
  texts: { storedManifest: '', newManifest: '', liveObjects: '', appliedObjects: '' },
  paused: [],
};

/**
 * Walks down from the newest row: rows that failed or are pending are never a target. From a good row the target must
 * differ in image or chart; from a bad one the last good row is right even where it does not.
 */
async function chooseTarget(
  context: PlanContext,
  from: {
    readonly component: Component;
    readonly rows: readonly HelmRevision[];
    readonly current: Recorded;
  },
): Promise<Recorded | undefined> {
  const { component, rows, current } = from;
  let lastGood: Recorded | undefined;
  for await (const good of followGoodRevisions(context, rows, current.row.revision)) {
    const candidate = withImage(component, good);
    lastGood ??= candidate;
    if (differs(candidate, current)) {
      return candidate;
    }
  }
  if (isBad(current.row)) {
    return lastGood;
  }
  throw new SlipwayError(
    'noGoodRevision',
    `No earlier revision of ${current.row.release} was good and has another image or chart than revision ${current.row.revision}.`,
  );
}

function differs(left: Recorded, right: Recorded): boolean {
  return (
    left.image !== right.image ||
    left.record.chart !== right.record.chart ||
    left.record.chartVersion !== right.record.chartVersion
  );
}

function isBad(row: HelmRevision): boolean {
  return isPending(row) || row.status === 'failed';
}

function withImage(component: Component, recorded: RecordedRevision): Recorded {
  const images = findManifestImages(recorded.objects);
  const containers = component.workload ? images[buildWorkloadKey(component.workload)] : undefined;
  const image =
    component.container === undefined
      ? Object.values(containers ?? {})[0]
      : containers?.[component.container];
  return { ...recorded, image };
}

/** A release that was never good: taking it away is the only way back, and only where nothing good is lost. */
function planUninstall(newest: HelmRevision, base: Parameters<typeof buildHelmRollbackSteps>[0]) {
  if (newest.status === 'deployed') {
    throw new SlipwayError('noGoodRevision', `${newest.release} has no earlier revision to go back to.`);
  }
  return {
    steps: buildHelmRollbackSteps(base),
    warnings: [
      `Revision ${newest.revision} of ${newest.release} is ${newest.status} since ${newest.changedAt} and no revision was ever good: ` +
        'the release is taken away, so that it can be installed again.',
      ...(isPending(newest) ? [pendingWarning] : []),
    ],
  };
}

const pendingWarning =
  'Helm cannot tell a killed helm from a running one: make sure that nobody runs helm there now.';

function explain(current: Recorded, target: Recorded): readonly string[] {
  const { row } = current;
  return [
    `Revision ${row.revision} of ${row.release} is ${row.status}: ${describeRevision(current.record.description)}; revision ${target.row.revision} was good.`,
    ...(isPending(row) ? [`It has been ${row.status} since ${row.changedAt}.`, pendingWarning] : []),
    'A rollback takes back what the chart made, not what hooks or migrations did.',
  ];
}

function buildImages(component: Component, target: Recorded, live: WorkloadImages) {
  const containers = component.workload ? live[buildWorkloadKey(component.workload)] : undefined;
  const container = component.container ?? Object.keys(containers ?? {})[0] ?? '';
  const before = containers?.[container];
  return target.image === undefined
    ? []
    : [
        {
          component: component.name,
          container,
          ...(before === undefined ? {} : { before }),
          after: target.image,
          digest: 'unverified',
        },
      ];
}
