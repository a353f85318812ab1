import type { ItemTarget } from '../state/itemTarget.ts';
import { mostListed, releasePage } from '../state/releasePage.ts';
import { listReleases } from '../state/storeState.ts';
import type { CommandContext } from './commandContext.ts';
import { pickRepository } from './pickRepository.ts';
import { runInView } from './runCancellable.ts';

/** Lists older releases in the tree, below those that are there. */
export async function showMoreReleases(context: CommandContext, target: ItemTarget): Promise<void> {
  const repository = await pickRepository(context, target);
  if (repository) {
    const { store, daemon } = context;
    const limit = Math.min(mostListed, listReleases(store.state, repository).length + releasePage);
    const { id: repositoryId } = repository;
    const { releases } = await runInView(() => daemon.request('release.list', { repositoryId, limit }));
    store.apply({ type: 'releasesListed', repositoryId, releases });
  }
}
