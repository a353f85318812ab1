import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { Promotion } from '../../daemon/protocol/promotion.ts';
import type { ReleaseView } from '../../daemon/protocol/release.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import { isolateText } from '../isolateText.ts';
import { isEnded } from '../promotionWords.ts';
import { mostListed, releasePage } from '../state/releasePage.ts';
import { listReleases, listRepositories, type StoreState } from '../state/storeState.ts';
import { decideViewState } from '../state/viewState.ts';
import type { Words } from '../words.ts';
import { buildCommitTooltip } from './commitTooltip.ts';
import { buildComparisonItems } from './comparisonItems.ts';
import { buildEnvironmentItem } from './environmentItems.ts';
import { buildMachineItems } from './machineItems.ts';
import { buildPromotionItem } from './promotionItems.ts';
import { buildAlarmItems, buildRepositoryItem } from './repositoryItems.ts';
import { buildItem, type ViewItem } from './viewItem.ts';

/** The Releases tree: what runs now, the environments, the releases; empty where a welcome text speaks instead. */
export function buildReleaseItems(state: StoreState, words: Words): readonly ViewItem[] {
  if (decideViewState(state) !== 'ready') {
    return [];
  }
  const repositories = listRepositories(state);
  const [only] = repositories;
  if (only && repositories.length === 1) {
    return [...buildMachineItems(state, words), ...buildSections(only, state, words)];
  }
  const rows = repositories.map(repository =>
    buildItem({
      id: `repository/${repository.id}`,
      label: repository.name,
      description: repository.folder,
      tooltip: repository.folder,
      icon: { id: 'repo' },
      context: 'repository',
      open: 'expanded',
      target: { repositoryId: repository.id },
      children: buildSections(repository, state, words),
    }),
  );
  return [...buildMachineItems(state, words), ...rows];
}

/** How many things are wrong now, for the badge. */
export function countFailing(state: StoreState): number {
  return listRepositories(state)
    .flatMap(repository => repository.environments)
    .filter(environment => environment.health === 'fail' && environment.connection.state === 'live').length;
}

/** Promotions that run, and the last one of an environment when it did not end well and nothing came after it. */
export function listCurrentPromotions(repository: RepositoryView): readonly Promotion[] {
  const last = new Set<string>();
  return repository.promotions.filter(promotion => {
    const { environment } = promotion.plan.target;
    const isLast = !last.has(environment);
    last.add(environment);
    const wentWrong = promotion.state === 'failed' || promotion.state === 'needsPerson';
    return !isEnded(promotion.state) || (isLast && wentWrong);
  });
}

function buildSections(repository: RepositoryView, state: StoreState, words: Words): readonly ViewItem[] {
  const { t } = words;
  const root = `repository/${repository.id}`;
  const target = { repositoryId: repository.id };
  const environments = `${root}/environments`;
  return [
    ...buildAlarmItems(repository, words),
    ...listCurrentPromotions(repository).map(promotion =>
      buildPromotionItem(
        promotion,
        {
          parent: `${root}/promotions`,
          open: 'expanded',
          environment: findEnvironment(repository, promotion.plan.target.environment),
        },
        words,
      ),
    ),
    buildItem({
      id: environments,
      label: t('Environments'),
      icon: { id: 'server-environment' },
      context: 'environments',
      open: 'expanded',
      target,
      children: repository.environments.map(environment =>
        buildEnvironmentItem(environment, { id: environments, repositoryId: repository.id }, words),
      ),
    }),
    buildItem({
      id: `${root}/releases`,
      label: t('Releases'),
      icon: { id: 'tag' },
      context: 'releases',
      open: 'expanded',
      target,
      children: buildReleaseRows(repository, state, words),
    }),
    buildRepositoryItem(repository, words),
  ];
}

function findEnvironment(repository: RepositoryView, name: string): EnvironmentView | undefined {
  return repository.environments.find(environment => environment.name === name);
}

function buildReleaseRows(repository: RepositoryView, state: StoreState, words: Words): readonly ViewItem[] {
  if (repository.releases.length === 0) {
    const label = words.t('No tag is a release yet');
    return [buildItem({ id: `repository/${repository.id}/releases/none`, label, icon: { id: 'info' } })];
  }
  const releases = listReleases(state, repository);
  return [
    ...releases.map(release => buildReleaseItem(release, { repository, state }, words)),
    ...(releases.length < repository.releaseCount ? [buildMoreItem(repository, releases.length, words)] : []),
  ];
}

/** A tree of thousands of rows helps nobody: older releases come by the hundred, and in the end by a search. */
function buildMoreItem(repository: RepositoryView, count: number, { t }: Words): ViewItem {
  const older = repository.releaseCount - count;
  const base = {
    id: `repository/${repository.id}/releases/more`,
    description: older === 1 ? t('1 release is older') : t('{0} releases are older', older),
    context: 'more',
    target: { repositoryId: repository.id },
  };
  return count < mostListed
    ? buildItem({
        ...base,
        label: t('Show {0} more', Math.min(older, releasePage)),
        icon: { id: 'ellipsis' },
        click: 'slipway.showMoreReleases',
      })
    : buildItem({
        ...base,
        label: t('Search the older ones...'),
        icon: { id: 'search' },
        click: 'slipway.promoteRelease',
      });
}

function buildReleaseItem(
  release: ReleaseView,
  at: { readonly repository: RepositoryView; readonly state: StoreState },
  words: Words,
): ViewItem {
  const { t } = words;
  const { repository } = at;
  const id = `repository/${repository.id}/releases/${release.version}`;
  const target = { repositoryId: repository.id, release: release.version, commit: release.commit };
  const reach = buildReachText(release, words);
  const moved = release.movedFrom !== undefined;
  const states = [...(moved ? [t('the tag was moved')] : []), ...(reach ? [reach] : [])];
  return buildItem({
    id,
    label: release.version,
    description: states.join(' \u00b7 '),
    tooltip: [
      `${release.version}: ${release.subject}`,
      ...(reach ? [reach] : []),
      t('{0}, {1}', isolateText(release.author), words.exactTime(release.date)),
      release.commit,
      ...(release.origin === 'local' ? [t('The tag is only on this machine.')] : []),
      ...(release.movedFrom ? [t('The tag pointed to {0} before.', release.movedFrom)] : []),
    ].join('\n'),
    icon: moved ? { id: 'warning', color: 'list.warningForeground' } : { id: 'tag' },
    context: moved ? 'release;moved' : 'release',
    accessibilityLabel: [t('Release {0}', release.version), ...states].join(', '),
    target,
    load: { repositoryId: repository.id, version: release.version },
    children: [
      buildItem({
        id: `${id}/commit`,
        label: release.subject,
        description: t(
          '{0} by {1}, {2}',
          release.commit.slice(0, 7),
          isolateText(release.author),
          words.time(release.date),
        ),
        tooltip: buildCommitTooltip({ ...release, id: release.commit }, words),
        icon: { id: 'git-commit' },
        context: 'commit',
        target,
      }),
      ...repository.environments.flatMap(environment =>
        buildComparisonItems(environment, { id, release, state: at.state, repository }, words),
      ),
    ],
  });
}

/** `in development, staging` and `failed in production`. */
function buildReachText(release: ReleaseView, words: Words): string {
  const { t } = words;
  const names = (wanted: string) =>
    release.reach.filter(({ state }) => state === wanted).map(({ environment }) => environment);
  const running = names('running');
  const failed = names('failed');
  return [
    ...(running.length > 0 ? [t('in {0}', running.join(', '))] : []),
    ...(failed.length > 0 ? [t('failed in {0}', failed.join(', '))] : []),
  ].join(' \u00b7 ');
}
