import type { FailureCause, PodStatus, WorkloadStatus } from '../../daemon/protocol/environment.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { Translate, Words } from '../words.ts';
import { buildProgressText } from '../workloadWords.ts';
import { buildHealthIcon, buildHealthWord } from './healthWords.ts';
import { buildItem, type ItemIcon, type ViewItem } from './viewItem.ts';

/** Where items of workloads hang: the id of the row above and what its commands are about. */
export type Place = { readonly parent: string; readonly target: ItemTarget };

/** A workload with its progress and its pods. */
export function buildWorkloadItem(
  workload: WorkloadStatus,
  place: Place & { readonly open: 'collapsed' | 'expanded' },
  words: Words,
): ViewItem {
  const { t } = words;
  const id = `${place.parent}/workload/${workload.kind}/${workload.name}`;
  const progress = buildProgressText(workload, t);
  const health = buildHealthWord(workload.health, t);
  const children = workload.pods.map(pod => buildPodItem(pod, { parent: id, target: place.target }, words));
  return buildItem({
    id,
    label: workload.name,
    description: progress,
    tooltip: [
      `${workload.kind} ${workload.name}`,
      progress,
      t('{0} since {1}', health, words.exactTime(workload.since)),
      workload.reason,
      ...Object.entries(workload.images).map(([container, image]) => `${container}: ${image}`),
    ].join('\n'),
    icon: buildHealthIcon(workload.health),
    context: 'workload',
    accessibilityLabel: `${workload.kind} ${workload.name}, ${progress}, ${health}: ${workload.reason}`,
    target: { ...place.target, workload: `${workload.kind.toLowerCase()}/${workload.name}` },
    children,
    // Also without pods yet: VS Code would keep a row closed that begins as a leaf.
    open: place.open,
  });
}

/** Why a pod fails, with its last log lines and its events below. */
export function buildCauseItem(cause: FailureCause, place: Place, words: Words): ViewItem {
  const { t } = words;
  const id = `${place.parent}/cause/${cause.pod}/${cause.container}`;
  const message = cause.message
    ? [buildItem({ id: `${id}/message`, label: cause.message, tooltip: cause.message, icon: { id: 'info' } })]
    : [];
  const events = cause.events.map((event, index) =>
    buildItem({
      id: `${id}/event/${index}`,
      label: event,
      tooltip: event,
      icon: { id: event.startsWith('Warning') ? 'warning' : 'circle-small' },
    }),
  );
  const logLines = cause.logLines.length > 0 ? [buildLogItem(cause, id, t)] : [];
  return buildItem({
    id,
    label: cause.reason,
    description: t('{0}, container {1}', cause.pod, cause.container),
    tooltip: [
      t('Pod {0} of {1}, container {2}', cause.pod, cause.workload, cause.container),
      cause.reason,
      ...(cause.message ? [cause.message] : []),
      t('Seen at {0}', words.exactTime(cause.at)),
    ].join('\n'),
    icon: { id: 'error', color: 'testing.iconFailed' },
    context: 'cause',
    accessibilityLabel: t(
      'Cause: {0}, pod {1}, container {2}. {3}',
      cause.reason,
      cause.pod,
      cause.container,
      cause.message ?? '',
    ),
    target: { ...place.target, workload: `pod/${cause.pod}` },
    open: 'expanded',
    children: [...message, ...logLines, ...events],
  });
}

function buildLogItem(cause: FailureCause, parent: string, t: Translate): ViewItem {
  const id = `${parent}/log`;
  return buildItem({
    id,
    label: t('Last lines of {0}', cause.container),
    tooltip: cause.logLines.join('\n'),
    icon: { id: 'output' },
    open: 'expanded',
    children: cause.logLines.map((line, index) =>
      buildItem({
        id: `${id}/${index}`,
        label: line === '' ? ' ' : line,
        tooltip: line,
        icon: { id: 'blank' },
      }),
    ),
  });
}

function buildPodItem(pod: PodStatus, place: Place, words: Words): ViewItem {
  const { t } = words;
  const restarts = pod.containers.reduce((sum, container) => sum + container.restarts, 0);
  const state = buildPodState(pod, t);
  const description = [
    state,
    ...(restarts > 0 ? [restarts === 1 ? t('1 restart') : t('{0} restarts', restarts)] : []),
    ...(pod.current ? [] : [t('old')]),
  ].join(' \u00b7 ');
  return buildItem({
    id: `${place.parent}/pod/${pod.uid}`,
    label: pod.name,
    description,
    tooltip: [
      pod.name,
      description,
      t('Created at {0}', words.exactTime(pod.createdAt)),
      ...(pod.node ? [t('Node {0}', pod.node)] : []),
      ...pod.containers.map(
        container =>
          `${container.name}: ${container.image} ${container.state}${container.lastEnd ? ` (${container.lastEnd})` : ''}`,
      ),
    ].join('\n'),
    icon: buildPodIcon(pod),
    context: 'pod',
    accessibilityLabel: t('Pod {0}, {1}', pod.name, description),
    target: { ...place.target, workload: `pod/${pod.name}` },
  });
}

function buildPodState(pod: PodStatus, t: Translate): string {
  if (pod.failure) {
    return pod.failure;
  }
  if (pod.deleting) {
    return t('ending');
  }
  if (pod.ready) {
    return t('ready');
  }
  const waiting = pod.containers.find(container => !container.ready);
  return waiting ? t('{0}, not ready', waiting.state) : pod.phase;
}

function buildPodIcon(pod: PodStatus): ItemIcon {
  if (pod.failure) {
    return { id: 'error', color: 'testing.iconFailed' };
  }
  if (pod.deleting) {
    return { id: 'circle-slash', color: 'disabledForeground' };
  }
  return pod.ready ? { id: 'pass', color: 'testing.iconPassed' } : { id: 'loading~spin' };
}
