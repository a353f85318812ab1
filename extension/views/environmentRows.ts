import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { Translate, Words } from '../words.ts';
import { buildItem, type ViewItem } from './viewItem.ts';

/** Where rows stand: below which item, and about what. */
export type RowPlace = { readonly id: string; readonly target: ItemTarget };

/** The rows that call for attention: no connection, notices, what helm left half done, who holds the lock. */
export function buildAttentionItems(
  environment: EnvironmentView,
  place: RowPlace,
  words: Words,
): readonly ViewItem[] {
  return [
    ...buildConnectionItems(environment, place),
    ...buildNoticeItems(environment, place),
    ...buildPendingItems(environment, place, words),
    ...buildLockItems(environment, place, words),
  ];
}

/** The rows that say where an environment is and what it is for. */
export function buildPlaceItems(
  environment: EnvironmentView,
  place: RowPlace,
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

function buildConnectionItems(environment: EnvironmentView, { id, target }: RowPlace): readonly ViewItem[] {
  const { reason, state, next, code } = environment.connection;
  if (!reason || state === 'live') {
    return [];
  }
  return [
    buildItem({
      id: `${id}/connection`,
      label: reason,
      tooltip: next === undefined ? reason : `${reason}\n${next}`,
      context: 'connection',
      ...buildClick(code),
      icon: { id: 'warning', color: 'list.warningForeground' },
      target,
    }),
  ];
}

/** What a click on a connection's problem does: the command that its sentence speaks of. */
function buildClick(code: string | undefined): Pick<ViewItem, 'click'> {
  const clicks: Readonly<Record<string, string>> = {
    unknownContext: 'slipway.connectEnvironment',
    wrongCluster: 'slipway.connectEnvironment',
    loginExpired: 'slipway.refreshReleases',
    clusterUnreachable: 'slipway.refreshReleases',
    toolMissing: 'slipway.showSetup',
  };
  const click = code === undefined ? undefined : clicks[code];
  return click === undefined ? {} : { click };
}

/** What people should know about an environment: what cannot be shown and why, a cluster that was taken without an id. */
function buildNoticeItems(environment: EnvironmentView, { id, target }: RowPlace): readonly ViewItem[] {
  return environment.notices.map((notice, index) =>
    buildItem({ id: `${id}/notice/${index}`, label: notice, tooltip: notice, icon: { id: 'info' }, target }),
  );
}

function buildPendingItems(environment: EnvironmentView, place: RowPlace, words: Words): readonly ViewItem[] {
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

function buildLockItems(environment: EnvironmentView, place: RowPlace, words: Words): readonly ViewItem[] {
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
