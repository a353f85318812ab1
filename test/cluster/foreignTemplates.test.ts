import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import type { Plan } from '../../daemon/protocol/plan.ts';
import { openRepository, promote, start } from '../../sandbox/promoteOnce.ts';
import { type OwnDaemon, startOwnDaemon } from './ownDaemon.ts';
import { buildChart, OwnRepository } from './ownRepository.ts';
import { clusterStartMs, type SharedCluster } from './sharedCluster.ts';

/** What helm's YAML library takes and the specification does not, or not as helm does. */
const oddTemplate = `apiVersion: v1
kind: ConfigMap
metadata:
  name: odd
  namespace:
  labels: {app: first, app: odd}
data:
  quoted: "one
two"
  comment: "x"#comment
  binary: !!binary aGVsbG8=
  flow: &flow same
  more: *flow
  again: first
  again: last
---
apiVersion: v1
kind: ConfigMap
metadata: {
name: flow,
labels: {app: odd}
}
data:
  all: 'it''s
[odd'
`;

const hookTemplate = `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    helm.sh/hook: pre-install,pre-upgrade,pre-rollback
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: "example/migrate:{{ .Values.image.tag }}"}]
---
apiVersion: v1
kind: Pod
metadata: {name: smoke, annotations: {helm.sh/hook: test}}
spec: {containers: [{name: smoke, image: "example/smoke:1"}]}
`;

describe('a chart with a hook, and with templates that only helm takes', () => {
  let own: OwnDaemon | undefined;
  let cluster: SharedCluster;
  let folder: string;
  let client: DaemonClient;
  let repository: OwnRepository;
  let repositoryId: string;

  before(async function () {
    this.timeout(clusterStartMs);
    own = await startOwnDaemon({ person: 'admin' });
    ({ cluster, folder, client } = own);
    const namespace = await cluster.namespace('templates');
    repository = await OwnRepository.create(join(folder, 'shop'));
    await repository.release('v1.0.0', {
      ...buildChart('charts/shop', { kind: 'Deployment', name: 'shop', repository: 'example/shop' }),
      'charts/shop/templates/odd.yaml': oddTemplate,
      'charts/shop/templates/hooks.yaml': hookTemplate,
      'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Procedure
name: shop
releases: {tags: 'v*', images: {web: 'example/shop:{version}'}}
components:
  web:
    workload: deployment/shop
    container: shop
    methods: {helm: {release: shop, chart: charts/shop, set: {image.tag: '{version}'}, timeout: 2m, install: true}}
environments:
  test: {cluster: {namespace: ${namespace}}}
`,
    });
    await repository.release('v1.1.0', { 'NEWS.md': 'Faster.\n' });
    ({ id: repositoryId } = await openRepository(client, repository.folder, () => 'admin'));
  });
  after(() => own?.dispose());

  const plan = (release: string) =>
    client.request('promotion.plan', { repositoryId, environment: 'test', kind: 'regular', release });
  const planWayBack = () =>
    client.request('promotion.plan', { repositoryId, environment: 'test', kind: 'rollback' });
  const listHooks = ({ warnings }: Plan) => warnings.filter(text => / hook\)/.test(text));
  const listChanges = ({ objects }: Plan) => objects.map(({ object, change }) => [object, change]);

  it('L-14c says which hooks run at the installation, with their images, and not the test', async () => {
    assert.deepEqual(listHooks(await plan('v1.0.0')), [
      'Job/migrate runs before the installation (pre-install hook), with the image example/migrate:v1.0.0.',
    ]);
  });

  it('L-14e sees nothing to change in the odd templates after helm itself has applied them', async () => {
    const promotion = await promote(client, { repositoryId, environment: 'test', release: 'v1.0.0' });
    assert.equal(promotion.state, 'succeeded', promotion.reason);
    const next = await plan('v1.1.0');
    assert.deepEqual(listChanges(next), [
      ['apps/v1/Deployment/shop', 'change'],
      ['v1/ConfigMap/flow', 'same'],
      ['v1/ConfigMap/odd', 'same'],
    ]);
    assert.deepEqual(listHooks(next), [
      'Job/migrate runs before the upgrade (pre-upgrade hook), with the image example/migrate:v1.1.0.',
    ]);
    const upgrade = await start(client, next);
    assert.equal(upgrade.state, 'succeeded', upgrade.reason);
  });

  it('L-17d says which hooks of the earlier revision run at the way back', async () => {
    const back = await planWayBack();
    assert.deepEqual(listHooks(back), [
      'Job/migrate runs before the rollback (pre-rollback hook), with the image example/migrate:v1.0.0.',
    ]);
    const rollback = await start(client, back);
    assert.equal(rollback.state, 'succeeded', rollback.reason);
  });
});
