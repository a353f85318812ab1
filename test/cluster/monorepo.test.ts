import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openRepository, promote } from '../../sandbox/promoteOnce.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { type OwnDaemon, startOwnDaemon } from './ownDaemon.ts';
import { buildChart, OwnRepository } from './ownRepository.ts';
import { clusterStartMs } from './sharedCluster.ts';

describe('a repository of several things, with tags that no image can have', () => {
  let own: OwnDaemon | undefined;

  before(async function () {
    this.timeout(clusterStartMs);
    own = await startOwnDaemon({ person: 'alice' });
  });
  after(() => own?.dispose());

  it('L-13a L-18a is promoted by the number in its tag, from one environment to the next', async () => {
    const { cluster, client, folder } = own ?? assert.fail();
    const [test, prod] = [await cluster.namespace('mono-test'), await cluster.namespace('mono-prod')];
    const repository = await OwnRepository.create(join(folder, 'mono'));
    await repository.release('agent/v1.2.3', {
      ...buildChart('agent/chart', { kind: 'Deployment', name: 'agent', repository: 'example/agent' }),
      'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Procedure
name: agent
releases: {tags: 'agent/v*', images: {agent: 'example/agent:{number}'}}
components:
  agent: {workload: deployment/agent, methods: {helm: {release: agent, chart: agent/chart, set: {image.tag: '{number}'}, timeout: 1m, install: true}}}
environments:
  test: {cluster: {namespace: ${test}}}
  prod: {cluster: {namespace: ${prod}}, after: test}
`,
    });
    await repository.release('web/v9.0.0', {});
    const view = await openRepository(client, repository.folder, () => 'kosmos-staging');
    assert.deepEqual(
      view.releases.map(({ version }) => version),
      ['agent/v1.2.3'],
    );
    for (const environment of ['test', 'prod']) {
      const place = { repositoryId: view.id, environment, release: 'agent/v1.2.3' };
      const promotion = await promote(client, place, plan =>
        assert.deepEqual(plan.images[0]?.after, 'example/agent:1.2.3'),
      );
      assert.equal(promotion.state, 'succeeded', promotion.reason);
      await waitFor(
        'the tree to call it by its release',
        async () => {
          const { environments } = await client.request('repository.open', { folder: repository.folder });
          const found = environments.find(({ name }) => name === environment);
          return found?.running[0]?.version === 'agent/v1.2.3';
        },
        { limitMs: 10_000 },
      );
    }
  });
});
