import { listRepositories } from '../state/storeState.ts';
import { checkTools } from '../state/toolCheck.ts';
import type { CommandContext } from './commandContext.ts';
import { runInView } from './runCancellable.ts';

/** Fetches the tags again, and opens what could not be opened before. */
export async function refreshReleases({ store, daemon, feed }: CommandContext): Promise<void> {
  await runInView(async () => {
    await Promise.all([feed.openMissing(), checkTools({ store, daemon })]);
    store.apply({ type: 'comparisonsForgotten' });
    await Promise.all(
      listRepositories(store.state).map(async ({ id }) => {
        const held = await daemon.request('release.refresh', { repositoryId: id });
        const repository = store.state.repositories.get(id);
        if (repository) {
          store.apply({ type: 'repositoryChanged', repository: { ...repository, ...held } });
        }
        const listed = store.state.listed.get(id);
        if (listed) {
          const limit = Math.max(1, listed.length);
          const { releases } = await daemon.request('release.list', { repositoryId: id, limit });
          store.apply({ type: 'releasesListed', repositoryId: id, releases });
        }
      }),
    );
  });
}
