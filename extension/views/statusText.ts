import type { ConnectionView, EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { Promotion } from '../../daemon/protocol/promotion.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import { buildPromotionTitle, isEnded } from '../promotionWords.ts';
import { listRepositories, type StoreState } from '../state/storeState.ts';
import { decideViewState } from '../state/viewState.ts';
import type { Words } from '../words.ts';
import { buildConnectionText, buildRunningText, isEmpty, isWatched } from './environmentText.ts';
import { buildHealthWord } from './healthWords.ts';
import { buildReadyText } from './promotionItems.ts';

/** What the status bar says; undefined where Slipway has nothing to do with the folder. */
export type StatusText = {
  readonly text: string;
  readonly tooltip: string;
  /** A colour that themes give to warnings and errors in the status bar; none while all is well. */
  readonly severity?: 'warning' | 'error';
};

/** Says what runs now, else what runs in the last environment, else what is wrong with the connection. */
export function buildStatusText(state: StoreState, words: Words): StatusText | undefined {
  const { t } = words;
  const repositories = listRepositories(state);
  if (state.daemon.state === 'reconnecting' && repositories.length > 0) {
    return { text: t('$(sync~spin) Slipway: connecting again'), tooltip: words.said(state.daemon.reason) };
  }
  if (state.daemon.state === 'disconnected' && (state.folders.length > 0 || repositories.length > 0)) {
    return {
      text: t('$(warning) Slipway: no daemon'),
      tooltip: `${words.said(state.daemon.reason)}\n${words.said(state.daemon.next)}`,
      severity: 'warning',
    };
  }
  for (const repository of repositories) {
    const running = repository.promotions.find(promotion => !isEnded(promotion.state));
    if (running) {
      return buildRunningStatus(running, repository, words);
    }
  }
  const [repository] = repositories.filter(candidate => candidate.environments.length > 0);
  return repository && decideViewState(state) === 'ready' ? buildRestingStatus(repository, words) : undefined;
}

function buildRunningStatus(promotion: Promotion, repository: RepositoryView, words: Words): StatusText {
  const { t } = words;
  const title = buildPromotionTitle(promotion.plan, t);
  const environment = repository.environments.find(({ name }) => name === promotion.plan.target.environment);
  const ready = buildReadyText(environment, words);
  const failing = (environment?.causes.length ?? 0) > 0;
  const text = [title, ...(ready ? [ready] : [])].join(', ');
  return {
    text: failing ? t('$(error) Slipway: {0}', text) : t('$(sync~spin) Slipway: {0}', text),
    tooltip: [
      t(
        '{0} started it at {1}.',
        promotion.person,
        words.exactTime(promotion.startedAt ?? promotion.requestedAt),
      ),
      ...(environment ? [environment.healthReason] : []),
      ...(environment?.causes.map(cause => `${cause.pod}: ${cause.reason}`) ?? []),
    ].join('\n'),
    ...(failing ? { severity: 'error' } : {}),
  };
}

function buildRestingStatus(repository: RepositoryView, words: Words): StatusText {
  const { t } = words;
  const lines = repository.environments.map(environment => {
    const what = isWatched(environment.connection)
      ? buildRunningText(environment, t)
      : buildConnectionText(environment.connection, words);
    return `${environment.name}: ${what}`;
  });
  const failing = repository.environments.filter(
    environment => environment.health === 'fail' && environment.connection.state === 'live',
  );
  if (failing.length > 0) {
    const names = failing.map(environment => environment.name).join(', ');
    return { text: t('$(error) Slipway: {0} failing', names), tooltip: lines.join('\n'), severity: 'error' };
  }
  const stale = repository.environments.filter(({ connection }) =>
    ['stale', 'failed', 'forbidden', 'wrongCluster'].includes(connection.state),
  );
  if (stale.length > 0) {
    const reasons = stale.flatMap(({ name, connection }) =>
      connection.reason ? [`${name}: ${connection.reason}`] : [],
    );
    return {
      text: buildAwayText(stale, words),
      tooltip: [...reasons, ...lines].join('\n'),
      severity: 'warning',
    };
  }
  const live = repository.environments.filter(({ connection }) => connection.state === 'live');
  const last = live.findLast(environment => !isEmpty(environment)) ?? live.at(-1);
  if (!last) {
    return { text: t('$(tag) Slipway'), tooltip: lines.join('\n') };
  }
  const health = !isEmpty(last) ? ` (${buildHealthWord(last.health, t)})` : '';
  return {
    text: t('$(tag) Slipway: {0} in {1}{2}', buildRunningText(last, t), last.name, health),
    tooltip: lines.join('\n'),
  };
}

/** Which environments cannot be looked at: one sentence where none of them answers, else what keeps each away. */
function buildAwayText(away: readonly EnvironmentView[], words: Words): string {
  const { t } = words;
  const isSilent = ({ state, code }: ConnectionView) =>
    state === 'stale' || (state === 'failed' && code === 'clusterUnreachable');
  if (away.every(({ connection }) => isSilent(connection))) {
    const names = away.map(({ name }) => name).join(', ');
    return t('$(warning) Slipway: {0} not reachable', names);
  }
  const reasons = away.map(({ name, connection }) =>
    t('{0}: {1}', name, isSilent(connection) ? t('not reachable') : buildConnectionText(connection, words)),
  );
  return t('$(warning) Slipway: {0}', reasons.join(', '));
}
