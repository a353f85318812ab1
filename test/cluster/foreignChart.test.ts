import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import { openRepository, promote, rollBack, start } from '../../sandbox/promoteOnce.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { type OwnDaemon, startOwnDaemon } from './ownDaemon.ts';
import { buildChart, OwnRepository } from './ownRepository.ts';
import { clusterStartMs, type SharedCluster } from './sharedCluster.ts';

describe("somebody else's chart", () => {
  let own: OwnDaemon | undefined;
  let cluster: SharedCluster;
  let folder: string;
  let client: DaemonClient;

  before(async function () {
    this.timeout(clusterStartMs);
    own = await startOwnDaemon({ person: 'alice' });
    ({ cluster, folder, client } = own);
  });
  after(() => own?.dispose());

  const context = () => 'kosmos-staging';
  const environmentOf = (view: RepositoryView, name: string) =>
    view.environments.find(environment => environment.name === name) ?? assert.fail(name);
  const look = async (repository: OwnRepository, name: string) =>
    environmentOf(await client.request('repository.open', { folder: repository.folder }), name);

  describe("with the slipway.yaml of the README's section", () => {
    let repository: OwnRepository;
    let namespaces: Record<'staging' | 'production', string>;
    let view: RepositoryView;

    before(async () => {
      namespaces = {
        staging: await cluster.namespace('shop-stg'),
        production: await cluster.namespace('shop-prd'),
      };
      repository = await OwnRepository.create(join(folder, 'shop'));
      await repository.release('v1.0.0', {
        ...buildChart('charts/shop', { kind: 'Deployment', name: 'shop', repository: 'example/shop' }),
        'values-staging.yaml': 'replicas: 1\n',
        'values-production.yaml': 'replicas: 2\n',
        'slipway.yaml': await readExample(namespaces),
      });
      await repository.release('v1.1.0', { 'NEWS.md': 'Faster.\n' });
    });

    /** The example as a newcomer would take it, the clusters' ids left out at first. */
    async function readExample(names: Readonly<Record<string, string>>): Promise<string> {
      const readme = await readFile(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
      const block = /```yaml\n(?<text>\s*apiVersion: slipway\.dev[^`]*)```/.exec(readme)?.groups?.['text'];
      const text = (block ?? assert.fail('the README has no example')).replace(/^ {3}/gm, '');
      return text
        .replace(/\{id: [^,]+, namespace: shop-staging\}/, `{namespace: ${names['staging']}}`)
        .replace(/\{id: [^,]+, namespace: shop\}/, `{namespace: ${names['production']}}`);
    }

    it('L-11g is understood; without a remote the local branch governs, and that is said', async () => {
      view = await client.request('repository.open', { folder: repository.folder });
      assert.deepEqual([view.procedure, view.diagnostics], ['valid', []]);
      assert.match(view.policy.advice ?? '', /no remote/);
      assert.deepEqual(
        view.releases.map(({ version, origin }) => [version, origin]),
        [
          ['v1.1.0', 'local'],
          ['v1.0.0', 'local'],
        ],
      );
    });

    it('takes the cluster of the picked context, says so, and tells the line to write down', async () => {
      view = await openRepository(client, repository.folder, context);
      const { clusterId } = cluster.sandbox;
      const staging = environmentOf(view, 'staging');
      assert.match(
        staging.notices.join('\n'),
        new RegExp(
          `names no cluster for staging: .*"kosmos-staging", ${clusterId}.*id: ${clusterId}, namespace: ${namespaces.staging}`,
        ),
      );
      const plan = await client.request('promotion.plan', {
        repositoryId: view.id,
        environment: 'staging',
        kind: 'regular',
        release: 'v1.0.0',
      });
      assert.equal(plan.target.clusterId, clusterId);
      assert.match(plan.warnings.join('\n'), new RegExp(`id: ${clusterId}`));
    });

    it('is installed in one environment after the other, the last one confirmed by its name', async () => {
      const first = await promote(client, {
        repositoryId: view.id,
        environment: 'staging',
        release: 'v1.0.0',
      });
      assert.equal(first.state, 'succeeded', first.reason);
      const request = { repositoryId: view.id, environment: 'production', release: 'v1.0.0' };
      const plan = await client.request('promotion.plan', { ...request, kind: 'regular' });
      assert.equal(plan.confirmation, 'typeEnvironment');
      const begin = { planId: plan.id, planDigest: plan.digest };
      await assert.rejects(
        client.request('promotion.start', { ...begin, confirmation: 'staging' }),
        /typing its name/,
      );
      const second = await start(client, plan);
      assert.equal(second.state, 'succeeded', second.reason);
      await waitFor(
        'the tree to know',
        async () => {
          const { running, health } = await look(repository, 'production');
          return running[0]?.version === 'v1.0.0' && health === 'pass' && running[0].outsideSlipway === false;
        },
        { limitMs: 10_000 },
      );
    });
  });

  describe('with a StatefulSet beside a Deployment, as two components', () => {
    let repository: OwnRepository;
    let namespace: string;
    let view: RepositoryView;

    before(async () => {
      namespace = await cluster.namespace('ledger');
      repository = await OwnRepository.create(join(folder, 'ledger'));
      const method = (name: string) =>
        `{release: '${name}-{environment}', chart: charts/${name}, set: {image.tag: '{version}'}, timeout: 2m, install: true}`;
      await repository.release('1.0.0', {
        ...buildChart('charts/ledger', { kind: 'StatefulSet', name: 'ledger', repository: 'example/ledger' }),
        ...buildChart('charts/web', {
          kind: 'Deployment',
          name: 'web',
          repository: 'registry.example:5000/web',
        }),
        'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Procedure
name: ledger
releases:
  tags: '*'
  images: {ledger: 'example/ledger:{version}', web: 'registry.example:5000/web:{version}'}
components:
  ledger: {workload: statefulset/ledger, container: ledger, methods: {helm: ${method('ledger')}}}
  web: {workload: deployment/web, methods: {helm: ${method('web')}}}
environments:
  test: {cluster: {namespace: ${namespace}}}
`,
      });
      await repository.release('1.1.0', {
        'charts/ledger/values.yaml': 'image: {repository: example/ledger, tag: latest}\nreplicas: 2\n',
      });
      view = await openRepository(client, repository.folder, context);
      assert.deepEqual([view.procedure, view.diagnostics], ['valid', []]);
    });

    const versions = async () => {
      const { running } = await look(repository, 'test');
      return running.map(({ component, version, helm, outsideSlipway }) => [
        component,
        version,
        helm?.release,
        helm?.revision,
        outsideSlipway,
      ]);
    };

    it('promotes both, each with its own steps and its own version', async () => {
      for (const release of ['1.0.0', '1.1.0']) {
        const promotion = await promote(client, { repositoryId: view.id, environment: 'test', release });
        assert.equal(promotion.state, 'succeeded', promotion.reason);
        assert.deepEqual(
          promotion.steps.map(({ id, state }) => [id, state]),
          ['upgrade-ledger', 'status-ledger', 'verify-ledger', 'upgrade-web', 'status-web', 'verify-web'].map(
            id => [id, 'done'],
          ),
        );
      }
      await waitFor(
        'both versions',
        async () => (await versions()).every(([, version]) => version === '1.1.0'),
        { limitMs: 5_000 },
      );
      assert.deepEqual(await versions(), [
        ['ledger', '1.1.0', 'ledger-test', 2, false],
        ['web', '1.1.0', 'web-test', 2, false],
      ]);
    });

    it('rolls both back, the last one first', async () => {
      const promotion = await rollBack(client, { repositoryId: view.id, environment: 'test' });
      assert.equal(promotion.state, 'succeeded', promotion.reason);
      assert.deepEqual(
        promotion.steps.map(({ id }) => id),
        ['rollback-web', 'verify-web', 'rollback-ledger', 'verify-ledger'],
      );
      await waitFor(
        'both versions',
        async () => (await versions()).every(([, version]) => version === '1.0.0'),
        { limitMs: 5_000 },
      );
    });

    it('rolls one back and leaves the other, which has nothing else to go back to', async () => {
      const set = ['--set', 'image.tag=1.2.0', '--namespace', namespace];
      await cluster.helm(['upgrade', 'web-test', join(repository.folder, 'charts/web'), ...set]);
      await cluster.helm(['uninstall', 'ledger-test', '--wait', '--namespace', namespace]);
      await cluster.helm(['install', 'ledger-test', join(repository.folder, 'charts/ledger'), ...set]);
      const request = { repositoryId: view.id, environment: 'test', kind: 'rollback' } as const;
      const plan = await client.request('promotion.plan', request);
      assert.deepEqual(
        plan.steps.map(({ id }) => id),
        ['rollback-web', 'verify-web'],
      );
      assert.match(
        plan.warnings.join('\n'),
        /No earlier revision of ledger-test was good .* It stays as it is\./,
      );
    });
  });

  describe('with images that do not carry the tag', () => {
    it('L-18a goes on to the next environment while the one before runs what was promoted', async () => {
      const namespaces = [await cluster.namespace('plain-test'), await cluster.namespace('plain-prod')];
      const repository = await OwnRepository.create(join(folder, 'plain'));
      const method = (name: string, set: string) =>
        `{release: ${name}, chart: charts/${name}, ${set}timeout: 2m, install: true}`;
      await repository.release('2026.11', {
        ...buildChart('charts/web', { kind: 'Deployment', name: 'web', repository: 'example/web' }),
        ...buildChart('charts/cache', { kind: 'Deployment', name: 'cache', repository: 'redis' }),
        'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Procedure
name: plain
releases:
  tags: '2*'
  images: {web: 'example/web:{commit}'}
components:
  web: {workload: deployment/web, methods: {helm: ${method('web', "set: {image.tag: '{commit}'}, ")}}}
  cache: {workload: deployment/cache, methods: {helm: ${method('cache', '')}}}
environments:
  test: {cluster: {namespace: ${namespaces[0]}}}
  prod: {cluster: {namespace: ${namespaces[1]}}, after: test}
`,
      });
      const view = await openRepository(client, repository.folder, context);
      for (const environment of ['test', 'prod']) {
        const request = { repositoryId: view.id, environment, release: '2026.11' };
        const promotion = await promote(client, request);
        assert.equal(promotion.state, 'succeeded', promotion.reason);
        await waitFor(
          'the tree to call the commit by its release',
          async () => (await look(repository, environment)).running[0]?.version === '2026.11',
          { limitMs: 10_000 },
        );
      }
      await cluster.helm([
        ...['upgrade', 'cache', join(repository.folder, 'charts/cache')],
        ...['--namespace', namespaces[0] ?? '', '--set', 'replicas=2'],
      ]);
      const readOrder = async () => {
        const request = { repositoryId: view.id, environment: 'prod', release: '2026.11' };
        const gates = await client.request('environment.gates', request);
        return gates.gates.find(({ kind }) => kind === 'order');
      };
      await waitFor('the change to be seen', async () => (await readOrder())?.state === 'hold', {
        limitMs: 10_000,
      });
      assert.match((await readOrder())?.reason ?? '', /cache in test was changed after the promotion/);
    });
  });
});
