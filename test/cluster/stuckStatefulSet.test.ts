import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import { openRepository, promote, rollBack } from '../../sandbox/promoteOnce.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { type OwnDaemon, startOwnDaemon } from './ownDaemon.ts';
import { buildChart, OwnRepository } from './ownRepository.ts';
import { clusterStartMs, type SharedCluster } from './sharedCluster.ts';

/** Kubernetes never replaces a broken pod of an ordered StatefulSet, neither by the fix nor by the way back. */
describe('a StatefulSet whose pod is broken', () => {
  let own: OwnDaemon | undefined;
  let cluster: SharedCluster;
  let folder: string;
  let namespace: string;
  let client: DaemonClient;
  let repository: OwnRepository;
  let view: RepositoryView;

  before(async function () {
    this.timeout(clusterStartMs);
    own = await startOwnDaemon({ person: 'alice' });
    ({ cluster, folder, client } = own);
    namespace = await cluster.namespace('stuck');
    repository = await OwnRepository.create(join(folder, 'ledger'));
    await repository.release('v1.0.0', {
      ...buildChart('chart', { kind: 'StatefulSet', name: 'ledger', repository: 'example/ledger' }),
      'chart/values.yaml': 'image: {repository: example/ledger, tag: latest}\nreplicas: 2\n',
      'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Procedure
name: ledger
releases: {tags: 'v*', images: {ledger: 'example/ledger:{version}'}}
components:
  ledger:
    workload: statefulset/ledger
    container: ledger
    methods:
      helm: {release: ledger, chart: chart, set: {image.tag: '{version}'}, timeout: 60s, install: true}
environments:
  test: {cluster: {namespace: ${namespace}}}
`,
    });
    for (const tag of ['v1.1.0-crash', 'v1.2.0']) {
      await repository.release(tag, {});
    }
    view = await openRepository(client, repository.folder, () => 'kosmos-development');
    await promoteWell('v1.0.0');
  });
  after(() => own?.dispose());

  const request = (release: string) => ({ repositoryId: view.id, environment: 'test', release });
  const deletePod = () => cluster.kubectl(['delete', 'pod', 'ledger-1', '-n', namespace]);
  const hint =
    /ledger-1 has another revision and is not ready \(CrashLoopBackOff\).*kubectl delete pod ledger-1/;

  async function look(): Promise<EnvironmentView> {
    const { environments } = await client.request('repository.open', { folder: repository.folder });
    return environments[0] ?? assert.fail('no environment');
  }

  async function promoteWell(release: string): Promise<void> {
    const { state, reason } = await promote(client, request(release));
    assert.equal(state, 'succeeded', reason);
  }

  /** Starts the release that crashes, and cancels it when its pod does. */
  async function breakPod(): Promise<void> {
    const ended = promote(client, request('v1.1.0-crash'));
    await waitFor(
      'the crash',
      async () => (await look()).causes.some(({ reason }) => reason === 'CrashLoopBackOff'),
      { limitMs: 60_000 },
    );
    const { promotions } = await client.request('promotion.list', { repositoryId: view.id, limit: 1 });
    await client.request('promotion.cancel', { promotionId: promotions[0]?.id ?? assert.fail() });
    assert.equal((await ended).state, 'cancelled');
  }

  it('L-17e fails the way back with the pod to delete, after which it is there', async () => {
    await breakPod();
    const { state, reason = '' } = await rollBack(client, { repositoryId: view.id, environment: 'test' });
    assert.equal(state, 'failed', reason);
    assert.match(reason, hint);
    // The promotion asks the cluster itself; the tree hears of it by its watches, a moment later.
    await waitFor(
      'the tree to know',
      async () => {
        const { health, healthReason } = await look();
        return health === 'fail' && hint.test(healthReason);
      },
      { limitMs: 10_000 },
    );
    await deletePod();
    await waitFor('the way back', async () => (await look()).health === 'pass', { limitMs: 60_000 });
    assert.equal((await look()).running[0]?.version, 'v1.0.0');
  });

  it('L-17e says it of the next release too, which ends well when the pod was deleted', async () => {
    await breakPod();
    const { state, reason = '' } = await promote(client, request('v1.2.0'));
    assert.equal(state, 'failed', reason);
    assert.match(reason, hint);
    assert.equal(reason.match(/kubectl delete pod/g)?.length, 1, reason);
    await waitFor('its cause', async () => (await look()).causes.some(({ pod }) => pod === 'ledger-1'), {
      limitMs: 10_000,
    });
    await deletePod();
    await promoteWell('v1.2.0');
  });
});
