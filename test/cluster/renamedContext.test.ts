import assert from 'node:assert/strict';
import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRepository, promote, waitForEnd } from '../../sandbox/promoteOnce.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { type OwnDaemon, startOwnDaemon } from './ownDaemon.ts';
import { buildChart, OwnRepository } from './ownRepository.ts';
import { clusterStartMs } from './sharedCluster.ts';

describe('a context that somebody renames', () => {
  let own: OwnDaemon | undefined;
  let kubeconfig: string;

  before(async function () {
    this.timeout(clusterStartMs);
    own = await startOwnDaemon({
      buildKubeconfig: async at => {
        kubeconfig = join(at.folder, 'kubeconfig');
        await copyFile(at.cluster.sandbox.kubeconfigPath('alice'), kubeconfig);
        return kubeconfig;
      },
    });
  });
  after(() => own?.dispose());

  async function renameContext(): Promise<void> {
    const text = await readFile(kubeconfig, 'utf8');
    await writeFile(`${kubeconfig}.new`, text.replaceAll('kosmos-staging', 'corporate-staging'));
    await rename(`${kubeconfig}.new`, kubeconfig);
  }

  it('P-09c does not make a failure of a promotion that is under way, and is named before the next one', async () => {
    const { cluster, client, folder } = own ?? assert.fail();
    const namespace = await cluster.namespace('renamed');
    const repository = await OwnRepository.create(join(folder, 'shop'));
    await repository.release('v1.0.0', {
      ...buildChart('chart', { kind: 'Deployment', name: 'shop', repository: 'example/shop' }),
      'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Procedure
name: shop
releases: {tags: 'v*', images: {shop: 'example/shop:{version}'}}
components:
  shop: {workload: deployment/shop, methods: {helm: {release: shop, chart: chart, set: {image.tag: '{version}'}, timeout: 2m, install: true}}}
environments:
  test: {cluster: {namespace: ${namespace}}}
`,
    });
    await repository.release('v1.1.0-slow', {});
    const { id: repositoryId } = await openRepository(client, repository.folder, () => 'kosmos-staging');
    const place = { repositoryId, environment: 'test' };
    const first = await promote(client, { ...place, release: 'v1.0.0' });
    assert.equal(first.state, 'succeeded', first.reason);
    const request = { ...place, release: 'v1.1.0-slow', kind: 'regular' } as const;
    const plan = await client.request('promotion.plan', request);
    const ended = waitForEnd(client, plan.id);
    await client.request('promotion.start', {
      planId: plan.id,
      planDigest: plan.digest,
      confirmation: 'test',
    });
    await waitFor(
      'helm to be at work',
      async () => {
        const history = await cluster.helm(['history', 'shop', '-n', namespace, '-o', 'json']);
        return history.includes('pending-upgrade');
      },
      { limitMs: 20_000 },
    );
    await renameContext();
    const { state, reason, steps } = await ended;
    assert.equal(state, 'succeeded', reason);
    assert.deepEqual(
      steps.map(step => step.state),
      ['done', 'done', 'done'],
    );
    await assert.rejects(
      client.request('promotion.plan', request),
      /There is no context "kosmos-staging" in /,
    );
  });
});
