import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { Words } from '../words.ts';
import { buildAttentionItems, buildPlaceItems } from './environmentRows.ts';
import { buildEnvironmentParts, isEmpty, isWatched } from './environmentText.ts';
import { buildHealthIcon } from './healthWords.ts';
import { buildRunningItem } from './runningItem.ts';
import { buildItem, type ItemIcon, type ViewItem } from './viewItem.ts';
import { buildCauseItem, buildWorkloadItem } from './workloadItems.ts';

/** An environment: what runs there, how it is, since when, and what keeps it. */
export function buildEnvironmentItem(
  environment: EnvironmentView,
  parent: { readonly id: string; readonly repositoryId: string },
  words: Words,
): ViewItem {
  const { t } = words;
  const id = `${parent.id}/${environment.name}`;
  const target = { repositoryId: parent.repositoryId, environment: environment.name };
  const parts = buildEnvironmentParts(environment, words);
  const place = { parent: id, target };
  const children = [
    ...buildAttentionItems(environment, { id, target }, words),
    ...environment.causes.map(cause => buildCauseItem(cause, place, words)),
    ...environment.running.map(running => buildRunningItem(running, { id, target }, words)),
    ...environment.workloads.map(workload =>
      buildWorkloadItem(workload, { ...place, open: 'collapsed' }, words),
    ),
    ...buildPlaceItems(environment, { id, target }, t),
  ];
  return buildItem({
    id,
    label: environment.name,
    description: parts.join(' \u00b7 '),
    tooltip: buildTooltip(environment, parts, words),
    icon: buildIcon(environment),
    context: buildContext(environment),
    accessibilityLabel: [t('Environment {0}', environment.name), ...parts].join(', '),
    target,
    children,
    // What keeps it from being shown must be seen without a click.
    ...(isBroken(environment) ? { open: 'expanded' } : {}),
  });
}

function isBroken({ connection }: EnvironmentView): boolean {
  return ['wrongCluster', 'forbidden', 'failed'].includes(connection.state);
}

function buildIcon(environment: EnvironmentView): ItemIcon {
  switch (environment.connection.state) {
    case 'notConnected':
      return { id: 'debug-disconnect' };
    case 'connecting':
      return { id: 'loading~spin' };
    case 'live':
      return isEmpty(environment) ? { id: 'circle-outline' } : buildHealthIcon(environment.health);
    case 'stale':
    case 'wrongCluster':
    case 'forbidden':
    case 'failed':
      return { id: 'warning', color: 'list.warningForeground' };
  }
}

function buildContext(environment: EnvironmentView): string {
  return [
    'environment',
    environment.connection.state === 'notConnected' ? 'notConnected' : 'connected',
    ...(environment.running.length > 0 ? ['runs'] : []),
    ...(environment.pendingRevision ? ['pending'] : []),
    ...(environment.lock ? ['locked'] : []),
  ].join(';');
}

function buildTooltip(environment: EnvironmentView, parts: readonly string[], words: Words): string {
  const { t } = words;
  const { connection } = environment;
  const lines = [
    environment.name + (environment.purpose ? `: ${environment.purpose}` : ''),
    parts.join(' \u00b7 '),
    ...(isWatched(connection) ? [environment.healthReason] : []),
    ...(connection.reason ? [connection.reason] : []),
    ...(connection.next ? [connection.next] : []),
    ...(connection.staleSince
      ? [t('What is shown is as of {0}.', words.exactTime(connection.staleSince))]
      : []),
    ...(environment.after ? [t('A release comes here after {0}.', environment.after)] : []),
    ...(environment.guarded ? [t('Guarded.')] : []),
  ];
  // Where the cluster is away, that is the reason of the health, too.
  return [...new Set(lines)].filter(line => line !== '').join('\n');
}
