import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { ReleaseView } from '../../daemon/protocol/release.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import { isolateText } from '../isolateText.ts';
import { buildComparisonKey, type Comparison, type StoreState } from '../state/storeState.ts';
import type { Words } from '../words.ts';
import { buildCommitTooltip } from './commitTooltip.ts';
import { buildRunningText } from './environmentText.ts';
import { buildItem, type ViewItem } from './viewItem.ts';

/** How a release stands to what runs in an environment: the commits between, or that it runs there. */
export function buildComparisonItems(
  environment: EnvironmentView,
  at: {
    readonly id: string;
    readonly release: ReleaseView;
    readonly state: StoreState;
    readonly repository: RepositoryView;
  },
  words: Words,
): readonly ViewItem[] {
  const { t } = words;
  const reached = at.release.reach.find(reach => reach.environment === environment.name);
  const id = `${at.id}/${environment.name}`;
  const target = {
    repositoryId: at.repository.id,
    environment: environment.name,
    release: at.release.version,
  };
  const base = { id, label: environment.name, context: 'reach', target };
  if (reached?.state === 'running') {
    const since = reached.at ? t('runs there since {0}', words.time(reached.at)) : t('runs there');
    return [buildItem({ ...base, description: since, icon: { id: 'pass', color: 'testing.iconPassed' } })];
  }
  const before = buildReachedText(reached, words);
  if (environment.running.length === 0) {
    return before ? [buildItem({ ...base, description: before, icon: { id: 'history' } })] : [];
  }
  const key = buildComparisonKey(at.repository.id, at.release.version, environment);
  const comparison = at.state.comparisons.get(key);
  if (!comparison || comparison.state === 'loading') {
    return [buildItem({ ...base, description: t('comparing'), icon: { id: 'loading~spin' } })];
  }
  if (comparison.state === 'failed') {
    const { message } = comparison.problem;
    return [buildItem({ ...base, description: message, tooltip: message, icon: { id: 'warning' } })];
  }
  return [buildComparedItem(base, comparison.result, { environment, before }, words)];
}

/** The commits between a release and what runs in an environment, one row each. */
function buildComparedItem(
  base: Pick<ViewItem, 'id' | 'label' | 'context' | 'target'>,
  result: Extract<Comparison, { state: 'ready' }>['result'],
  at: { readonly environment: EnvironmentView; readonly before: string | undefined },
  words: Words,
): ViewItem {
  const { t } = words;
  const { commits, total } = result;
  const commitItems = commits.map(commit =>
    buildItem({
      id: `${base.id}/${commit.id}`,
      label: commit.subject,
      description: t(
        '{0} by {1}, {2}',
        commit.id.slice(0, 7),
        isolateText(commit.author),
        words.time(commit.date),
      ),
      tooltip: buildCommitTooltip(commit, words),
      icon: { id: 'git-commit' },
      context: 'commit',
      target: { ...base.target, commit: commit.id },
    }),
  );
  const rest = total - commits.length;
  return buildItem({
    ...base,
    description: [
      buildDirectionText(result, buildRunningText(at.environment, t), words),
      ...(at.before ? [at.before] : []),
    ].join(' \u00b7 '),
    icon: { id: 'git-compare' },
    children: [
      ...commitItems,
      ...(rest > 0 ? [buildItem({ id: `${base.id}/more`, label: t('and {0} more', rest) })] : []),
    ],
  });
}

function buildReachedText(
  reached: ReleaseView['reach'][number] | undefined,
  words: Words,
): string | undefined {
  const at = reached?.at ? ` ${words.time(reached.at)}` : '';
  switch (reached?.state) {
    case 'succeeded':
      return words.t('succeeded{0}', at);
    case 'failed':
      return words.t('failed{0}', at);
    default:
      return undefined;
  }
}

function buildDirectionText(
  result: { readonly direction: string; readonly total: number },
  from: string,
  words: Words,
): string {
  const { t } = words;
  const count = result.total === 1 ? t('1 commit') : t('{0} commits', result.total);
  switch (result.direction) {
    case 'forward':
      return t('{0} since {1}', count, from);
    case 'backward':
      return t('takes back {0} of {1}', count, from);
    case 'same':
      return t('the same commit as {0}', from);
    case 'first':
      return t('the first release there');
    default:
      return t('another line of history than {0}', from);
  }
}
