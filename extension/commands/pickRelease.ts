import type { ReleaseView } from '../../daemon/protocol/release.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import type { Words } from '../words.ts';
import { CommandFailure } from './commandFailure.ts';
import type { PickItem } from './pickStep.ts';

/** The releases as items to pick from, newest first, with how far each has got; throws a CommandFailure when there is none. */
export function buildReleaseItems(
  repository: RepositoryView,
  words: Words,
): readonly PickItem<ReleaseView>[] {
  const { t } = words;
  if (repository.releases.length === 0) {
    throw new CommandFailure(
      'unknownRelease',
      t('{0} has no release yet: no tag fits the rule of slipway.yaml.', repository.name),
      t('Create a tag, then run "Slipway: Refresh Releases".'),
    );
  }
  return repository.releases.map(release => ({
    label: release.version,
    description: buildReach(release, words),
    detail: t('{0} by {1}, {2}', release.subject, release.author, words.time(release.date)),
    value: release,
  }));
}

function buildReach(release: ReleaseView, { t }: Words): string {
  const running = release.reach
    .filter(({ state }) => state === 'running')
    .map(({ environment }) => environment);
  return [
    ...(running.length > 0 ? [t('in {0}', running.join(', '))] : []),
    ...(release.movedFrom ? [t('the tag was moved')] : []),
  ].join(', ');
}
