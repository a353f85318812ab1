import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import { openRepository, promote, rollBack } from '../../sandbox/promoteOnce.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { type OwnDaemon, startOwnDaemon } from './ownDaemon.ts';
import { buildChart, OwnRepository } from './ownRepository.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** A hook that migrates a database; it crashes where the values say so. */
const hook = `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {helm.sh/hook: pre-upgrade, helm.sh/hook-delete-policy: before-hook-creation}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: 'example/migrate:1{{ if .Values.crash }}-crash{{ end }}'}]
`;

/** A Job of nobody's chart that fails at the same time. */
const foreignJob = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'nightly' },
  spec: {
    backoffLimit: 0,
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'nightly', image: 'example/nightly:1-crash' }],
      },
    },
  },
};

describe('a hook that fails before an upgrade', () => {
  let own: OwnDaemon | undefined;
  let client: DaemonClient;
  let repository: OwnRepository;
  let view: RepositoryView;
  let namespace: string;

  before(async function () {
    this.timeout(clusterStartMs);
    own = await startOwnDaemon({ person: 'alice' });
    client = own.client;
    namespace = await own.cluster.namespace('hook');
    repository = await OwnRepository.create(join(own.folder, 'shop'));
    const values = (crash: boolean) => ({
      'chart/values.yaml': `image: {repository: example/shop, tag: latest}\nreplicas: 1\ncrash: ${crash}\n`,
    });
    await repository.release('v1.0.0', {
      ...buildChart('chart', { kind: 'Deployment', name: 'shop', repository: 'example/shop' }),
      ...values(false),
      'chart/templates/migrate.yaml': hook,
      'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Procedure
name: shop
releases: {tags: 'v*', images: {shop: 'example/shop:{version}'}}
components:
  shop: {workload: deployment/shop, methods: {helm: {release: shop, chart: chart, set: {image.tag: '{version}'}, timeout: 1m, install: true}}}
environments:
  test: {cluster: {namespace: ${namespace}}}
`,
    });
    await repository.release('v1.1.0', values(true));
    view = await openRepository(client, repository.folder, () => 'kosmos-staging');
    const first = await promote(client, {
      repositoryId: view.id,
      environment: 'test',
      release: 'v1.0.0',
    });
    assert.equal(first.state, 'succeeded', first.reason);
  });
  after(() => own?.dispose());

  const readCauses = async () => {
    const { environments } = await client.request('repository.open', { folder: repository.folder });
    return environments[0]?.causes ?? [];
  };

  it('L-16a L-16b is named with its pod and last lines, and no other Job is', async () => {
    const input = JSON.stringify(foreignJob);
    await own?.cluster.kubectl(['create', '-n', namespace, '-f', '-'], { input });
    const failed = await promote(client, { repositoryId: view.id, environment: 'test', release: 'v1.1.0' });
    assert.equal(failed.state, 'failed');
    assert.match(
      failed.reason ?? '',
      /The pre-upgrade hook Job\/migrate failed .*what ran before was not touched/,
    );
    await waitFor(
      'the last lines of the hook',
      async () => (await readCauses()).some(({ logLines }) => logLines.length > 0),
      { limitMs: 10_000 },
    );
    assert.deepEqual(
      (await readCauses()).map(({ workload, container, reason }) => [workload, container, reason]),
      [['job/migrate', 'migrate', 'Error']],
    );
  });

  it('L-16b has a log that can be opened by the name of the Job', async () => {
    const { logId } = await client.request('log.open', {
      repositoryId: view.id,
      environment: 'test',
      workload: 'job/migrate',
      previous: false,
    });
    await client.request('log.close', { logId });
  });

  it('L-16b is shown no more when the environment was rolled back', async () => {
    const back = await rollBack(client, { repositoryId: view.id, environment: 'test' });
    assert.equal(back.state, 'succeeded', back.reason);
    await waitFor('the cause to go', async () => (await readCauses()).length === 0, { limitMs: 10_000 });
  });
});
