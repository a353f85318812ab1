import type { EnvironmentView, WorkloadStatus } from '../../daemon/protocol/environment.ts';
import type { PlannedStep } from '../../daemon/protocol/plan.ts';
import type { Promotion, StepProgress } from '../../daemon/protocol/promotion.ts';
import { buildEndSentence, buildPromotionTitle, buildRecoveryText, isEnded } from '../promotionWords.ts';
import type { Words } from '../words.ts';
import { buildPromotionIcon, buildPromotionWord, buildStepIcon, buildStepWord } from './healthWords.ts';
import { buildItem, type ViewItem } from './viewItem.ts';
import { buildCauseItem, buildWorkloadItem, type Place } from './workloadItems.ts';

/** A promotion with its steps; `environment` is given where the live state belongs beside the steps. */
export function buildPromotionItem(
  promotion: Promotion,
  options: {
    readonly parent: string;
    readonly open: 'collapsed' | 'expanded';
    readonly environment?: EnvironmentView | undefined;
  },
  words: Words,
): ViewItem {
  const { t } = words;
  const id = `${options.parent}/${promotion.id}`;
  const title = buildPromotionTitle(promotion.plan, t);
  const target = {
    repositoryId: promotion.plan.repositoryId,
    environment: promotion.plan.target.environment,
    release: promotion.plan.release.version,
    promotionId: promotion.id,
  };
  const description = buildDescription(promotion, options.environment, words);
  return buildItem({
    id,
    label: title,
    description,
    tooltip: buildTooltip(promotion, description, words),
    icon: buildPromotionIcon(promotion.state),
    context: `promotion;${isEnded(promotion.state) ? 'ended' : 'running'}`,
    accessibilityLabel: t('Promotion {0}, {1}', title, description),
    open: options.open,
    target,
    children: promotion.steps.flatMap(progress => {
      const step = findPlannedStep(promotion, progress.id);
      return step
        ? [buildStepItem({ promotion, step, progress, parent: id, environment: options.environment }, words)]
        : [];
    }),
  });
}

/** The step of the plan, or of what was added to put things right. */
export function findPlannedStep(promotion: Promotion, stepId: string): PlannedStep | undefined {
  return [...promotion.plan.steps, ...promotion.compensations].find(step => step.id === stepId);
}

/** `2 of 3 ready`, over all workloads of the environment; undefined before any is known. */
export function buildReadyText(environment: EnvironmentView | undefined, words: Words): string | undefined {
  const workloads = environment?.workloads ?? [];
  if (workloads.length === 0) {
    return undefined;
  }
  const sum = (count: (workload: (typeof workloads)[number]) => number) =>
    workloads.reduce((total, workload) => total + count(workload), 0);
  const ready = sum(countReady);
  return words.t(
    '{0} of {1} ready',
    ready,
    sum(workload => workload.desired),
  );
}

/** A pod of the old version is ready too, but it is not what people wait for. */
function countReady(workload: WorkloadStatus): number {
  const current = workload.pods.filter(pod => pod.current && pod.ready && !pod.deleting).length;
  return workload.pods.length > 0 ? current : Math.min(workload.ready, workload.updated);
}

function buildDescription(
  promotion: Promotion,
  environment: EnvironmentView | undefined,
  words: Words,
): string {
  const { t } = words;
  if (isEnded(promotion.state)) {
    const began = promotion.startedAt ?? promotion.requestedAt;
    return [
      buildPromotionWord(promotion.state, t),
      ...(promotion.endedAt ? [words.time(promotion.endedAt), words.duration(began, promotion.endedAt)] : []),
      promotion.person,
    ].join(' \u00b7 ');
  }
  const running = promotion.steps.find(step => step.state === 'running');
  const title = running && findPlannedStep(promotion, running.id)?.title;
  const ready = buildReadyText(environment, words);
  return [
    promotion.cancelRequested ? t('cancelling') : buildPromotionWord(promotion.state, t),
    ...(title && !environment ? [title] : []),
    ...(ready ? [ready] : []),
    t('since {0}', words.time(promotion.startedAt ?? promotion.requestedAt)),
  ].join(' \u00b7 ');
}

function buildStepItem(
  at: {
    readonly promotion: Promotion;
    readonly step: PlannedStep;
    readonly progress: StepProgress;
    readonly parent: string;
    readonly environment: EnvironmentView | undefined;
  },
  words: Words,
): ViewItem {
  const { t } = words;
  const { promotion, step, progress, environment } = at;
  // A step that begins gets a row of its own: VS Code would keep a row closed that was a leaf before.
  const id = `${at.parent}/${progress.state === 'waiting' ? 'waiting' : 'step'}/${step.id}`;
  const target = {
    repositoryId: promotion.plan.repositoryId,
    environment: promotion.plan.target.environment,
    promotionId: promotion.id,
    stepId: step.id,
  };
  const description = buildStepDescription(progress, promotion, words);
  const hasOutput = step.command !== undefined && progress.state !== 'waiting';
  const live = environment && showsLiveState(promotion, progress) ? environment : undefined;
  const children = [
    ...buildSeenItems(progress, id),
    ...(live ? buildLiveItems(live, { parent: id, target }, words) : []),
  ];
  return buildItem({
    id,
    label: step.title,
    description,
    tooltip: [
      `${step.title}: ${description}`,
      ...(step.command ? [`${step.command.tool} ${step.command.args.map(arg => arg.text).join(' ')}`] : []),
      ...(progress.inspection ? [progress.inspection.summary] : []),
      t('Undo: {0}', step.undo),
    ].join('\n'),
    icon: buildStepIcon(progress.state),
    context: buildStepContext(hasOutput, live),
    accessibilityLabel: t('Step {0}, {1}', step.title, description),
    ...buildOpenState(progress, children),
    ...(hasOutput ? { click: 'slipway.showOutput' } : {}),
    target,
    children,
  });
}

/** Open while it runs, also before there is anything below it. */
function buildOpenState(progress: StepProgress, children: readonly ViewItem[]): Pick<ViewItem, 'open'> {
  if (progress.state === 'running') {
    return { open: 'expanded' };
  }
  if (children.length === 0) {
    return {};
  }
  return { open: progress.state === 'done' ? 'collapsed' : 'expanded' };
}

/** Beside the step that runs, and beside the one that went wrong while its promotion is the last word. */
function showsLiveState(promotion: Promotion, progress: StepProgress): boolean {
  return (
    progress.state === 'running' ||
    (isEnded(promotion.state) && (progress.state === 'failed' || progress.state === 'unknown'))
  );
}

/** Words for menus: `failing` where the logs of what fails are worth a look. */
function buildStepContext(hasOutput: boolean, live: EnvironmentView | undefined): string {
  const isFailing = live !== undefined && live.causes.length > 0;
  return ['step', ...(hasOutput ? ['output'] : []), ...(isFailing ? ['failing'] : [])].join(';');
}

function buildLiveItems(
  environment: EnvironmentView,
  { parent, target: { repositoryId = '' } }: Place,
  words: Words,
): readonly ViewItem[] {
  const target = { repositoryId, environment: environment.name };
  return [
    ...environment.causes.map(cause => buildCauseItem(cause, { parent, target }, words)),
    ...environment.workloads.map(workload =>
      buildWorkloadItem(workload, { parent, target, open: 'expanded' }, words),
    ),
  ];
}

/** What the step's look at the world said, where it is more than "done". */
function buildSeenItems(progress: StepProgress, id: string): readonly ViewItem[] {
  const { inspection } = progress;
  return inspection && progress.state !== 'running'
    ? [
        buildItem({
          id: `${id}/seen`,
          label: inspection.summary,
          tooltip: inspection.summary,
          icon: { id: 'eye' },
        }),
      ]
    : [];
}

function buildStepDescription(progress: StepProgress, promotion: Promotion, words: Words): string {
  const { t } = words;
  const word = buildStepWord(progress.state, promotion, t);
  const took =
    progress.startedAt && progress.endedAt ? [words.duration(progress.startedAt, progress.endedAt)] : [];
  const code =
    progress.exit && progress.exit.code !== 0 && progress.exit.code !== null
      ? [t('exit code {0}', progress.exit.code)]
      : [];
  const again = progress.attempt > 1 ? [t('attempt {0}', progress.attempt)] : [];
  return [word, ...took, ...code, ...again].join(' \u00b7 ');
}

function buildTooltip(promotion: Promotion, description: string, words: Words): string {
  const { t } = words;
  const { plan } = promotion;
  return [
    isEnded(promotion.state) ? buildEndSentence(promotion, t) : buildPromotionTitle(plan, t),
    description,
    t('Requested by {0} at {1}', promotion.person, words.exactTime(promotion.requestedAt)),
    t('Cluster {0}, namespace {1}', plan.target.server, plan.target.namespace),
    t('Commit {0}', plan.release.commit),
    ...(promotion.host ? [t('Run by {0}', promotion.host)] : []),
    ...(promotion.recoveries > 0 ? [buildRecoveryText(promotion.recoveries, t)] : []),
  ].join('\n');
}
