import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import { openRepository, promote, start } from '../../sandbox/promoteOnce.ts';
import { type OwnDaemon, startOwnDaemon } from './ownDaemon.ts';
import { buildChart, OwnRepository } from './ownRepository.ts';
import { clusterStartMs, type SharedCluster } from './sharedCluster.ts';

describe('a workload whose old pods run on', () => {
  let own: OwnDaemon | undefined;
  let cluster: SharedCluster;
  let client: DaemonClient;

  before(async function () {
    this.timeout(clusterStartMs);
    own = await startOwnDaemon({ person: 'alice' });
    ({ cluster, client } = own);
  });
  after(() => own?.dispose());

  /** Brings v1.0.0 of a chart to a new namespace, and plans v1.1.0. */
  async function prepare(name: string, kind: string, more: { strategy?: string; helm?: string }) {
    const namespace = await cluster.namespace(name);
    const repository = await OwnRepository.create(join(own?.folder ?? assert.fail(), name));
    const chart = buildChart('chart', { kind: 'Deployment', name, repository: `example/${name}` });
    const template = (chart['chart/templates/workload.yaml'] ?? '').replace(
      'kind: Deployment',
      `kind: ${kind}`,
    );
    const spec = { Deployment: '', StatefulSet: `  serviceName: ${name}\n`, DaemonSet: '' }[kind] ?? '';
    const lines = template
      .split('\n')
      .filter(line => kind === 'Deployment' || !/^ {2}(revisionH|replicas)/.test(line));
    await repository.release('v1.0.0', {
      ...chart,
      'chart/templates/workload.yaml': lines
        .join('\n')
        .replace('spec:\n', `spec:\n${spec}${more.strategy ?? ''}`),
      'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Procedure
name: ${name}
releases: {tags: 'v*', images: {web: 'example/${name}:{version}'}}
components:
  web:
    workload: ${kind.toLowerCase()}/${name}
    methods: {helm: {release: ${name}, chart: chart, set: {image.tag: '{version}'}, timeout: 1m, install: true${more.helm ?? ''}}}
environments:
  test: {cluster: {namespace: ${namespace}}}
`,
    });
    await repository.release('v1.1.0', {});
    const { id: repositoryId } = await openRepository(client, repository.folder, () => 'kosmos-staging');
    const place = { repositoryId, environment: 'test' };
    const first = await promote(client, { ...place, release: 'v1.0.0' });
    assert.equal(first.state, 'succeeded', first.reason);
    const plan = () =>
      client.request('promotion.plan', { ...place, release: 'v1.1.0', kind: 'regular' } as const);
    return { namespace, plan };
  }

  const onDelete = '  updateStrategy: {type: OnDelete}\n';

  it('L-14b is named in the plan where it is paused, since helm would take it for ready', async () => {
    const { namespace, plan } = await prepare('resting', 'Deployment', {});
    await cluster.kubectl(['rollout', 'pause', 'deployment/resting', '-n', namespace]);
    assert.match(
      (await plan()).warnings.join('\n'),
      /deployment\/resting is paused: none of its pods would be replaced/,
    );
  });

  it('L-13a is not said to run the release where its pods change only when they are deleted', async () => {
    const { plan } = await prepare('keeper', 'StatefulSet', { strategy: onDelete });
    const planned = await plan();
    assert.match(
      planned.warnings.join('\n'),
      /statefulset\/keeper replaces a pod only when somebody deletes it/,
    );
    const { state, reason } = await start(client, planned);
    assert.deepEqual(
      [state, reason],
      [
        'succeeded',
        'v1.1.0 is set in test, but not every pod runs it yet. statefulset/keeper is set to example/keeper:v1.1.0: ' +
          '0 of 1 replicas are updated; the rest change when they are deleted.',
      ],
    );
  });

  it('L-14b is waited for in vain by the watcher where it is a DaemonSet, and not in the older way', async () => {
    const watched = await prepare('watched', 'DaemonSet', { strategy: onDelete });
    assert.match((await watched.plan()).warnings.join('\n'), /daemonset\/watched .*"wait: legacy"/);
    const patient = await prepare('patient', 'DaemonSet', { strategy: onDelete, helm: ', wait: legacy' });
    const planned = await patient.plan();
    assert.match(planned.warnings.join('\n'), /daemonset\/patient .*: until then its old pods run on/);
    const { state, reason = '' } = await start(client, planned);
    assert.equal(state, 'succeeded', reason);
    assert.match(reason, /0 of 1 pods are updated; the rest change when they are deleted/);
  });
});
