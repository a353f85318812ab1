import type { ReleaseView } from '../../daemon/protocol/release.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import { isolateText } from '../isolateText.ts';
import { readFailure } from '../state/readFailure.ts';
import { listReleases } from '../state/storeState.ts';
import type { Words } from '../words.ts';
import type { CommandContext } from './commandContext.ts';
import { CommandFailure } from './commandFailure.ts';
import { type PickItem, type PickSearch, type PickStep, pickOne } from './pickStep.ts';

/** Asks for a release of a repository, newest first, with how far each has got; throws a CommandFailure when there is none. */
export async function pickRelease(
  context: CommandContext,
  repository: RepositoryView,
  step: Pick<PickStep<ReleaseView>, 'title' | 'place'>,
): Promise<ReleaseView | undefined> {
  const { t } = context.words;
  const search = buildReleaseSearch(context, repository);
  return pickOne({
    ...step,
    placeholder: search ? t('Which release? Type to search all of them.') : t('Which release?'),
    items: buildReleaseItems(repository, context.words),
    ...(search ? { search } : {}),
  });
}

function buildReleaseItems(repository: RepositoryView, words: Words): readonly PickItem<ReleaseView>[] {
  const { t } = words;
  if (repository.releases.length === 0) {
    throw new CommandFailure(
      'unknownRelease',
      t('{0} has no release yet: no tag fits the rule of slipway.yaml.', repository.name),
      t('Create a tag, then run "Slipway: Refresh Releases".'),
    );
  }
  return repository.releases.map(release => buildReleaseItem(release, words));
}

/** Searches all releases of a repository; `undefined` where the items to pick from are all there are. */
function buildReleaseSearch(
  { daemon, words }: CommandContext,
  { id: repositoryId, releases, releaseCount }: RepositoryView,
): PickSearch<ReleaseView> | undefined {
  const { t } = words;
  if (releases.length >= releaseCount) {
    return undefined;
  }
  return {
    find: async (text, signal) => {
      const found = await daemon.request(
        'release.list',
        { repositoryId, text: text.slice(0, 200), limit: 50 },
        { signal },
      );
      return found.releases.map(release => buildReleaseItem(release, words));
    },
    buildFailed: error => ({
      label: t('The releases could not be searched.'),
      detail: t('{0} Press Enter to search again.', readFailure(error).message),
    }),
  };
}

/** A release by its version, also where no view holds it; `undefined` when there is none. */
export async function findRelease(
  { store, daemon }: CommandContext,
  repository: RepositoryView,
  version: string,
): Promise<ReleaseView | undefined> {
  const known = listReleases(store.state, repository).find(release => release.version === version);
  if (known || repository.releases.length >= repository.releaseCount) {
    return known;
  }
  const request = { repositoryId: repository.id, text: version, limit: 100 };
  const { releases } = await daemon.request('release.list', request);
  return releases.find(release => release.version === version);
}

function buildReleaseItem(release: ReleaseView, words: Words): PickItem<ReleaseView> {
  const { t } = words;
  return {
    label: release.version,
    description: buildReach(release, words),
    detail: t(
      '{0} by {1}, {2}',
      isolateText(release.subject),
      isolateText(release.author),
      words.time(release.date),
    ),
    value: release,
  };
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
