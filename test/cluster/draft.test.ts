import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import { openRepository, start } from '../../sandbox/promoteOnce.ts';
import { startSandboxDaemon, stopSandboxDaemon } from '../../sandbox/sandboxDaemon.ts';
import { OwnRepository } from './ownRepository.ts';
import { ensureBuilt } from './promotionBed.ts';
import { clusterStartMs, type SharedCluster, sharedCluster } from './sharedCluster.ts';

describe('a draft for a chart as helm create makes it', () => {
  let cluster: SharedCluster;
  let folder: string;
  let repository: OwnRepository;
  let client: DaemonClient;
  let namespace: string;

  before(async function () {
    this.timeout(clusterStartMs);
    await ensureBuilt();
    cluster = await sharedCluster();
    folder = await mkdtemp(join(tmpdir(), 'slipway-draft-'));
    repository = await OwnRepository.create(join(folder, 'shop'));
    await cluster.helm(['create', 'shop'], { cwd: repository.folder });
    await repository.release('v1.0.0', { 'values-staging.yaml': 'replicaCount: 2\n' });
    namespace = await cluster.namespace('draft');
    const kubeconfig = join(folder, 'kubeconfig');
    await copyFile(cluster.sandbox.kubeconfigPath('alice'), kubeconfig);
    const context = ['set-context', 'kosmos-staging', `--namespace=${namespace}`];
    await cluster.kubectl(['config', '--kubeconfig', kubeconfig, ...context]);
    ({ client } = await startSandboxDaemon({
      home: join(folder, 'home'),
      kubeconfig,
      toolFolder: cluster.sandbox.tools.binDirectory,
    }));
  });
  after(async () => {
    client?.close();
    await stopSandboxDaemon(join(folder, 'home'));
    await rm(folder, { recursive: true, force: true });
  });

  it('P-08e is valid at once, and asks nothing', async () => {
    const { text, questions, charts, environments } = await client.request('procedure.draft', {
      folder: repository.folder,
    });
    assert.deepEqual(questions, []);
    assert.deepEqual(charts, [{ path: 'shop', name: 'shop', workload: 'deployment/shop' }]);
    assert.deepEqual(
      environments.map(({ name }) => name),
      ['staging'],
    );
    const { diagnostics } = await client.request('procedure.check', { text });
    assert.deepEqual(diagnostics, [], text);
    await repository.commit('Write down how we deploy', { 'slipway.yaml': text });
  });

  it('P-08a can be planned and promoted as it is', async () => {
    const view = await openRepository(client, repository.folder, name => `kosmos-${name}`);
    assert.deepEqual([view.procedure, view.diagnostics], ['valid', []]);
    const plan = await client.request('promotion.plan', {
      repositoryId: view.id,
      environment: 'staging',
      release: 'v1.0.0',
      kind: 'regular',
    });
    assert.equal(plan.target.namespace, namespace);
    assert.deepEqual(
      plan.images.map(({ container, after }) => [container, after]),
      [['shop', 'nginx:v1.0.0']],
    );
    assert.deepEqual(
      plan.objects.map(({ object, change }) => [object, change]),
      [
        ['apps/v1/Deployment/shop', 'create'],
        ['v1/Service/shop', 'create'],
        ['v1/ServiceAccount/shop', 'create'],
      ],
    );
    const promotion = await start(client, plan);
    assert.equal(promotion.state, 'succeeded', promotion.reason);
  });
});
