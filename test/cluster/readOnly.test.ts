import assert from 'node:assert/strict';
import { start } from '../../sandbox/promoteOnce.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** Sue is of security; here she may look at everything, Secrets too, and change nothing. */
describe('a person who may read but not write', () => {
  let bed: PromotionBed;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    bed = await PromotionBed.create('read');
    await bed.helm(
      'development',
      ...['install', 'kosmos', './charts/kosmos', '--values', 'values-development.yaml'],
      ...['--set', 'image.tag=v2.0.0'],
    );
    const { development: namespace } = bed.namespaces;
    const rights = ['--verb=get,list,watch', '--resource=secrets,serviceaccounts'];
    await bed.cluster.kubectl(['create', 'role', 'reader', ...rights, '-n', namespace]);
    await bed.cluster.kubectl([
      'create',
      'rolebinding',
      'sue',
      '--role=reader',
      '--user=sue',
      '-n',
      namespace,
    ]);
    await bed.open({ KUBECONFIG: bed.cluster.sandbox.kubeconfigPath('sue') });
  });
  after(async () => bed?.dispose());

  it('P-09e reads in the plan which verb she lacks on what, object by object', async () => {
    const { warnings } = await bed.plan('development', 'v2.1.0');
    const { development: namespace } = bed.namespaces;
    for (const [object, right] of [
      ['apps/v1/Deployment/agent-name', 'patch deployments.apps'],
      ['v1/Secret/agent-queue', 'patch secrets'],
      ['v1/Service/agent-service', 'patch services'],
    ]) {
      const sentence = `${object}: sue may not ${right} in namespace ${namespace} (context "kosmos-development").`;
      assert.ok(warnings.includes(sentence), warnings.join('\n'));
    }
  });

  it('P-09e hears it when she starts all the same; nothing is changed, and the lock is free', async () => {
    const promotion = await start(bed.client, await bed.plan('development', 'v2.1.0'));
    assert.equal(promotion.state, 'failed');
    assert.match(
      promotion.reason ?? '',
      new RegExp(
        `sue may not create secrets in namespace (${bed.namespaces.development})\\. Ask .* let sue create secrets in namespace \\1\\.`,
      ),
    );
    assert.deepEqual(
      (await bed.history('development')).map(({ revision, status }) => [revision, status]),
      [[1, 'deployed']],
    );
    assert.equal(await bed.readImage('development'), 'kosmos/agent:v2.0.0');
    const { environments } = await bed.client.request('repository.open', { folder: bed.repositoryFolder });
    assert.equal(environments.find(({ name }) => name === 'development')?.lock, undefined);
    const next = await bed.plan('development', 'v2.1.0');
    assert.deepEqual(
      next.gates.map(({ kind, state }) => [kind, state]),
      [['lock', 'pass']],
    );
  });
});
