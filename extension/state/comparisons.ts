import type { DaemonRequests } from './daemonPort.ts';
import { readFailure } from './readFailure.ts';
import type { ReleaseStore } from './releaseStore.ts';
import { buildComparisonKey, findEnvironment } from './storeState.ts';

/** Asks, once for each, what changed between what runs in each environment and a release. */
export async function loadComparisons(
  parts: { readonly store: ReleaseStore; readonly daemon: DaemonRequests },
  release: { readonly repositoryId: string; readonly version: string },
): Promise<void> {
  const { store, daemon } = parts;
  const { repositoryId, version } = release;
  const environments = store.state.repositories.get(repositoryId)?.environments ?? [];
  await Promise.all(
    environments.map(async ({ name }) => {
      const environment = findEnvironment(store.state, repositoryId, name);
      if (!environment || environment.running.length === 0) {
        return;
      }
      const key = buildComparisonKey(repositoryId, version, environment);
      // A failed one too: asking again at each refresh of the tree would never end. Refreshing releases forgets it.
      if (store.state.comparisons.has(key)) {
        return;
      }
      store.apply({ type: 'compared', key, comparison: { state: 'loading' } });
      try {
        const result = await daemon.request('release.compare', { repositoryId, version, environment: name });
        store.apply({ type: 'compared', key, comparison: { state: 'ready', result } });
      } catch (error) {
        store.apply({ type: 'compared', key, comparison: { state: 'failed', problem: readFailure(error) } });
      }
    }),
  );
}
