import type { ConnectionView, EnvironmentView, RunningView } from '../../daemon/protocol/environment.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { Translate, Words } from '../words.ts';
import { buildHealthIcon, buildHealthWord } from './healthWords.ts';
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
  const parts = buildDescriptionParts(environment, words);
  const place = { parent: id, target };
  const children = [
    ...buildConnectionItems(environment, id, target),
    ...buildNoticeItems(environment, id, target),
    ...buildPendingItems(environment, { id, target }, words),
    ...buildLockItems(environment, { id, target }, words),
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
    tooltip: buildTooltip(environment, words),
    icon: buildIcon(environment),
    context: buildContext(environment),
    accessibilityLabel: [t('Environment {0}', environment.name), ...parts].join(', '),
    target,
    children,
  });
}

/** `v2.1.0`, or `agent v2.1.0, web v1.3` where components differ; says so when nothing runs. */
export function buildRunningText(environment: EnvironmentView, t: Translate): string {
  const { running } = environment;
  const versions = new Set(running.map(component => component.version ?? component.image ?? ''));
  const [only] = versions;
  if (running.length === 0 || (versions.size === 1 && only === '')) {
    return t('nothing runs');
  }
  return versions.size === 1 && only
    ? only
    : running
        .map(component => `${component.component} ${component.version ?? component.image ?? t('nothing')}`)
        .join(', ');
}

/** True when there is nothing whose health could be told. */
export function isEmpty(environment: EnvironmentView): boolean {
  return (
    environment.workloads.length === 0 &&
    environment.running.every(({ image, version }) => !image && !version)
  );
}

/** True when what is known of the environment came from its cluster, now or before. */
export function isWatched({ state }: ConnectionView): boolean {
  return state === 'live' || state === 'stale';
}

function buildDescriptionParts(environment: EnvironmentView, words: Words): readonly string[] {
  const { t } = words;
  const { connection } = environment;
  const known = isWatched(connection) || environment.running.length > 0;
  return [
    ...(known ? [buildRunningText(environment, t)] : []),
    ...buildDifferences(environment, t),
    ...(connection.state === 'live'
      ? buildHealthParts(environment, words)
      : [buildConnectionText(connection, words)]),
    ...(environment.pendingRevision ? [environment.pendingRevision.status] : []),
    ...(environment.lock ? [buildLockText(environment.lock, t)] : []),
  ];
}

type Lock = NonNullable<EnvironmentView['lock']>;

function buildLockText(lock: Lock, t: Translate): string {
  return lock.needsPersonSince === undefined
    ? t('{0} is being promoted', lock.release)
    : t('{0} needs a person', lock.release);
}

function buildDifferences(environment: EnvironmentView, t: Translate): readonly string[] {
  const { running, lock } = environment;
  // While a promotion runs, Helm's record and the workload differ as they should.
  if (lock && lock.needsPersonSince === undefined) {
    return [];
  }
  const helm = [...new Set(running.flatMap(component => component.helmVersion ?? []))];
  return [
    ...(helm.length > 0 ? [t('Helm says {0}', helm.join(', '))] : []),
    ...(running.some(component => component.outsideSlipway) ? [t('outside Slipway')] : []),
  ];
}

function buildHealthParts(environment: EnvironmentView, words: Words): readonly string[] {
  if (isEmpty(environment)) {
    return [];
  }
  const word = buildHealthWord(environment.health, words.t);
  return [
    environment.healthSince ? words.t('{0} since {1}', word, words.time(environment.healthSince)) : word,
  ];
}

/** How the connection stands, in a few words; the reason is in the row below. */
function buildConnectionText(connection: ConnectionView, words: Words): string {
  const { t } = words;
  switch (connection.state) {
    case 'notConnected':
      return t('not connected');
    case 'connecting':
      return t('connecting');
    case 'live':
      return t('connected');
    case 'stale':
      return connection.staleSince ? t('stale since {0}', words.time(connection.staleSince)) : t('stale');
    case 'wrongCluster':
      return t('wrong cluster');
    case 'forbidden':
      return t('not allowed to look');
    case 'failed':
      return t('no connection');
  }
}

function buildConnectionItems(
  environment: EnvironmentView,
  id: string,
  target: ItemTarget,
): readonly ViewItem[] {
  const { reason, state } = environment.connection;
  if (!reason || state === 'live') {
    return [];
  }
  return [
    buildItem({
      id: `${id}/connection`,
      label: reason,
      tooltip: reason,
      icon: { id: 'warning', color: 'list.warningForeground' },
      target,
    }),
  ];
}

/** What people should know about an environment: what cannot be shown and why, a cluster that was taken without an id. */
function buildNoticeItems(environment: EnvironmentView, id: string, target: ItemTarget): readonly ViewItem[] {
  return environment.notices.map((notice, index) =>
    buildItem({ id: `${id}/notice/${index}`, label: notice, tooltip: notice, icon: { id: 'info' }, target }),
  );
}

function buildPendingItems(
  environment: EnvironmentView,
  place: { readonly id: string; readonly target: ItemTarget },
  words: Words,
): readonly ViewItem[] {
  const pending = environment.pendingRevision;
  if (!pending) {
    return [];
  }
  const { t } = words;
  return [
    buildItem({
      id: `${place.id}/pending`,
      label: t('Helm\u2019s release {0} is {1}', pending.release, pending.status),
      description: t('revision {0} since {1}', pending.revision, words.time(pending.changedAt)),
      tooltip: t(
        'Somebody\u2019s helm ended in the middle and left revision {0} {1}. Helm refuses every upgrade until it is repaired.',
        pending.revision,
        pending.status,
      ),
      icon: { id: 'warning', color: 'list.warningForeground' },
      context: 'pending',
      target: place.target,
    }),
  ];
}

function buildLockItems(
  environment: EnvironmentView,
  place: { readonly id: string; readonly target: ItemTarget },
  words: Words,
): readonly ViewItem[] {
  const { lock } = environment;
  if (!lock) {
    return [];
  }
  const { t } = words;
  const { needsPersonSince } = lock;
  return [
    buildItem({
      id: `${place.id}/lock`,
      label:
        needsPersonSince === undefined
          ? t('{0} is promoting {1}', lock.person, lock.release)
          : t('{0}\u2019s promotion of {1} needs a person', lock.person, lock.release),
      description: t('since {0}', words.time(needsPersonSince ?? lock.since)),
      ...(needsPersonSince === undefined
        ? {}
        : { tooltip: t('Look at what it left; the next promotion or rollback takes its lock over.') }),
      icon: { id: 'lock' },
      // What has ended can be neither cancelled nor followed.
      context: needsPersonSince === undefined ? 'lock' : 'lock;ended',
      target: { ...place.target, promotionId: lock.promotionId },
    }),
  ];
}

function buildRunningItem(
  running: RunningView,
  place: { readonly id: string; readonly target: ItemTarget },
  words: Words,
): ViewItem {
  const { t } = words;
  const version = running.version ?? running.image ?? t('nothing runs');
  const parts = [
    version,
    ...(running.helmVersion ? [t('Helm says {0}', running.helmVersion)] : []),
    ...(running.helm ? [t('revision {0}', running.helm.revision)] : []),
    ...(running.since ? [t('since {0}', words.time(running.since))] : []),
    ...(running.outsideSlipway ? [t('outside Slipway')] : []),
  ];
  return buildItem({
    id: `${place.id}/component/${running.component}`,
    label: running.component,
    description: parts.join(' \u00b7 '),
    tooltip: [
      running.component,
      ...(running.image ? [running.image] : []),
      ...(running.since ? [t('Runs since {0}', words.exactTime(running.since))] : []),
      ...(running.helm
        ? [
            t(
              'Helm release {0}, revision {1}, {2}',
              running.helm.release,
              running.helm.revision,
              running.helm.status,
            ),
          ]
        : []),
      ...(running.helmVersion
        ? [t('Helm\u2019s record says {0}: somebody changed the image without Helm.', running.helmVersion)]
        : []),
      ...(running.outsideSlipway ? [t('Slipway\u2019s journal does not know this revision.')] : []),
    ].join('\n'),
    icon: { id: 'package' },
    context: running.version ? 'component;version' : 'component',
    target: { ...place.target, ...(running.version ? { release: running.version } : {}) },
  });
}

function buildPlaceItems(
  environment: EnvironmentView,
  place: { readonly id: string; readonly target: ItemTarget },
  t: Translate,
): readonly ViewItem[] {
  const { connection, namespace, purpose, data } = environment;
  const rows: readonly (readonly [string, string, string, string | undefined])[] = [
    ['context', t('Context'), 'server', connection.context],
    ['namespace', t('Namespace'), 'symbol-namespace', namespace],
    ['purpose', t('Purpose'), 'note', purpose],
    ['data', t('Data'), 'database', data],
  ];
  return rows.flatMap(([name, label, icon, value]) =>
    value === undefined
      ? []
      : [
          buildItem({
            id: `${place.id}/${name}`,
            label,
            description: value,
            icon: { id: icon },
            target: place.target,
          }),
        ],
  );
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

function buildTooltip(environment: EnvironmentView, words: Words): string {
  const { t } = words;
  const { connection } = environment;
  return [
    environment.name + (environment.purpose ? `: ${environment.purpose}` : ''),
    ...(isWatched(connection) ? [environment.healthReason] : []),
    ...(connection.reason ? [connection.reason] : []),
    ...(connection.staleSince
      ? [t('What is shown is as of {0}.', words.exactTime(connection.staleSince))]
      : []),
    ...(environment.after ? [t('A release comes here after {0}.', environment.after)] : []),
    ...(environment.guarded ? [t('Guarded.')] : []),
  ]
    .filter(line => line !== '')
    .join('\n');
}
