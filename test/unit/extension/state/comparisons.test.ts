import assert from 'node:assert/strict';
import { loadComparisons } from '../../../../extension/state/comparisons.ts';
import type { DaemonRequests } from '../../../../extension/state/daemonPort.ts';
import { ReleaseStore } from '../../../../extension/state/releaseStore.ts';
import { anEnvironment, aRepository, aRunning } from '../../../builders/views.ts';

function begin(answer: () => Promise<unknown>) {
  const store = new ReleaseStore(error => {
    throw error;
  });
  const environments = [anEnvironment(), anEnvironment({ name: 'production', running: [] })];
  store.apply({ type: 'foldersChanged', folders: ['/work/kosmos'] });
  store.apply({ type: 'folderOpened', folder: '/work/kosmos', repository: aRepository({ environments }) });
  const asked: unknown[] = [];
  const daemon = {
    request: (_method: string, params: unknown) => {
      asked.push(params);
      return answer();
    },
  } as unknown as DaemonRequests;
  const load = () => loadComparisons({ store, daemon }, { repositoryId: 'repository', version: 'v2.1.0' });
  return { store, asked, load };
}

const result = { from: 'v2.0.0', direction: 'forward', commits: [], total: 0 };

describe('the comparisons of a release', () => {
  it('are asked for once, only where something runs', async () => {
    const test = begin(async () => result);
    await test.load();
    await test.load();
    assert.deepEqual(test.asked, [{ repositoryId: 'repository', version: 'v2.1.0', environment: 'staging' }]);
    assert.deepEqual([...test.store.state.comparisons.values()], [{ state: 'ready', result }]);
  });

  it('are not asked for again after a failure until releases are refreshed', async () => {
    const test = begin(() => Promise.reject(new Error('git is busy')));
    await test.load();
    await test.load();
    assert.equal(test.asked.length, 1);
    test.store.apply({ type: 'comparisonsForgotten' });
    await test.load();
    assert.equal(test.asked.length, 2);
  });

  it('are asked for anew when something else runs', async () => {
    const test = begin(async () => result);
    await test.load();
    const environment = anEnvironment({ running: [aRunning({ image: 'kosmos/agent:v2.0.1' })] });
    test.store.apply({ type: 'environmentChanged', repositoryId: 'repository', environment });
    await test.load();
    assert.equal(test.asked.length, 2);
  });
});
