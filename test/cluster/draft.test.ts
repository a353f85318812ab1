import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import { openRepository, start } from '../../sandbox/promoteOnce.ts';
import { type OwnDaemon, startOwnDaemon } from './ownDaemon.ts';
import { buildChart, OwnRepository } from './ownRepository.ts';
import { clusterStartMs, type SharedCluster } from './sharedCluster.ts';

describe('a draft for a chart as helm create makes it', () => {
  let own: OwnDaemon | undefined;
  let cluster: SharedCluster;
  let folder: string;
  let repository: OwnRepository;
  let client: DaemonClient;
  let namespace: string;

  before(async function () {
    this.timeout(clusterStartMs);
    own = await startOwnDaemon({
      buildKubeconfig: async at => {
        namespace = await at.cluster.namespace('draft');
        const kubeconfig = join(at.folder, 'kubeconfig');
        await copyFile(at.cluster.sandbox.kubeconfigPath('alice'), kubeconfig);
        const context = ['set-context', 'kosmos-staging', `--namespace=${namespace}`];
        await at.cluster.kubectl(['config', '--kubeconfig', kubeconfig, ...context]);
        return kubeconfig;
      },
    });
    ({ cluster, folder, client } = own);
    repository = await OwnRepository.create(join(folder, 'shop'));
    await cluster.helm(['create', 'shop'], { cwd: repository.folder });
    await repository.release('v1.0.0', { 'values-staging.yaml': 'replicaCount: 2\n' });
  });
  after(() => own?.dispose());

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

  it('P-08a finds the workloads and tags of the charts in a chart that only puts others together', async () => {
    const umbrella = await OwnRepository.create(join(folder, 'umbrella'));
    await umbrella.release('v1.0.0', {
      'umbrella/Chart.yaml': 'apiVersion: v2\nname: umbrella\nversion: 0.1.0\n',
      'umbrella/values.yaml': 'front: {image: {tag: latest}}\n',
      ...buildChart('umbrella/charts/front', {
        kind: 'Deployment',
        name: 'front',
        repository: 'example/front',
      }),
      ...buildChart('umbrella/charts/store', {
        kind: 'StatefulSet',
        name: 'store',
        repository: 'example/store',
      }),
    });
    const { text, charts } = await client.request('procedure.draft', {
      folder: umbrella.folder,
      environments: ['staging'],
    });
    assert.deepEqual(charts, [{ path: 'umbrella', name: 'umbrella', workload: 'deployment/front' }]);
    assert.match(text, /umbrella: 'example\/front:\{version\}'/);
    assert.match(text, /set: \{front\.image\.tag: '\{version\}'\}/);
    assert.match(
      text.replaceAll(/\n +# /g, ' '),
      /It has others: statefulset\/store\..*other images, too: store\.image\.tag/s,
    );
    const { diagnostics } = await client.request('procedure.check', { text });
    assert.deepEqual(diagnostics, [], text);
  });

  it('P-08a writes the number of a version where the chart takes its "v" away', async () => {
    const trimmed = await OwnRepository.create(join(folder, 'trimmed'));
    const chart = buildChart('chart', { kind: 'Deployment', name: 'shop', repository: 'example/shop' });
    const workload = chart['chart/templates/workload.yaml'] ?? assert.fail();
    await trimmed.release('v1.0.0', {
      ...chart,
      'chart/templates/workload.yaml': workload.replace('.image.tag }}', '.image.tag | trimPrefix "v" }}'),
    });
    const { text } = await client.request('procedure.draft', {
      folder: trimmed.folder,
      environments: ['staging'],
    });
    assert.match(text, /shop: 'example\/shop:\{number\}'/);
  });
});
