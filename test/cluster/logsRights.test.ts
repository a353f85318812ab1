import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connectDaemon } from '../../daemon/client/connectDaemon.ts';
import { findDaemon } from '../../daemon/client/findDaemon.ts';
import { type ErrorCode, SlipwayError } from '../../daemon/protocol/errors.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { LogBed } from './logBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** A matcher for `assert.rejects`. */
function refused(code: ErrorCode, pattern: RegExp) {
  return (error: unknown) =>
    error instanceof SlipwayError && error.code === code && pattern.test(`${error.message} ${error.next}`);
}

describe('A log that is opened', function () {
  this.timeout(120_000);
  let bed: LogBed;

  before(async function () {
    this.timeout(clusterStartMs);
    bed = await LogBed.create('rights', 1);
  });
  after(async () => bed?.dispose());

  const connect = async () => {
    const lookup = findDaemon(bed.bed.home);
    assert.ok(lookup.state === 'found');
    const { client } = await connectDaemon(lookup.discovery, { name: 'test', version: '1.0.0' });
    return client;
  };
  const open = (environment: string, workload: string) =>
    bed.client.request('log.open', {
      repositoryId: bed.bed.repository.id,
      environment,
      workload,
      previous: false,
    });

  it('is refused for a workload that is not there, and it is said which are', async () => {
    await assert.rejects(
      open('development', 'deployment/wbe'),
      refused('unknownWorkload', /no deployment\/wbe in development; there are: deployment\/web/),
    );
  });

  it('is one pod alone, when a pod is named', async () => {
    const [pod = ''] = await bed.pods(1);
    const view = await open('development', `pod/${pod}`);
    assert.deepEqual(
      view.sources.map(source => source.pod),
      [pod],
    );
    await bed.client.request('log.close', { logId: view.logId });
  });

  it('is refused to a person without the right, which is named, and to an environment that is not connected', async () => {
    const { namespace } = bed;
    await bed.bed.cluster.kubectl(['delete', 'rolebindings', '--all', '-n', namespace]);
    const rules = [
      {
        apiGroups: ['', 'apps'],
        resources: ['pods', 'deployments', 'replicasets'],
        verbs: ['get', 'list', 'watch'],
      },
    ];
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'watcher', namespace },
      rules,
    };
    const binding = {
      ...role,
      kind: 'RoleBinding',
      rules: undefined,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'watcher' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'alice' }],
    };
    await bed.bed.cluster.kubectl(['create', '-f', '-'], {
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [role, binding] }),
    });
    await waitFor(
      'the refusal',
      async () =>
        open('development', 'deployment/web').then(
          // Only so many may be open at once.
          async ({ logId }) => {
            await bed.client.request('log.close', { logId });
            return false;
          },
          refused('forbidden', /alice may not get pods\/log in namespace \S+.*let alice get pods\/log/),
        ),
      { limitMs: 20_000 },
    );
    const { id: repositoryId } = bed.bed.repository;
    await bed.client.request('environment.disconnect', { repositoryId, environment: 'staging' });
    await assert.rejects(open('staging', 'deployment/agent-name'), refused('notConnected', /staging/));
    await assert.rejects(open('elsewhere', 'deployment/web'), refused('unknownEnvironment', /elsewhere/));
  });

  it('is a log that a window which reloads finds again, and nobody else without having it open', async () => {
    const [first, second, third] = [await connect(), await connect(), await connect()];
    const production = bed.bed.namespaces.production;
    await bed.bed.cluster.kubectl([
      'create',
      'deployment',
      'web',
      '--image=kosmos/web:1.0.0',
      '-n',
      production,
    ]);
    await waitFor(
      'the Deployment to be seen',
      async () => {
        const { environments } = await first.request('repository.open', { folder: bed.bed.repositoryFolder });
        const seen = environments.find(({ name }) => name === 'production');
        return seen?.workloads.some(({ name, pods }) => name === 'web' && pods.length === 1) ?? false;
      },
      { limitMs: 20_000 },
    );
    const params = {
      repositoryId: bed.bed.repository.id,
      environment: 'production',
      workload: 'deployment/web',
      previous: false,
    };
    const { logId, data } = await first.request('log.open', params);
    assert.equal(data, 'live');
    const read = { logId, from: 0, limit: 10 };
    await assert.rejects(second.request('log.read', read), refused('logGone', /Open the log again/));
    first.close();
    await wait(300);
    assert.equal((await second.request('log.attach', { logId })).logId, logId);
    await second.request('log.read', read);
    const oldFilter = await second.request('log.filter', { logId, filter: { severity: 'error' } });
    await second.request('log.filter', { logId, filter: {} });
    await assert.rejects(
      second.request('log.read', { ...read, filterId: oldFilter.filterId }),
      refused('filterGone', /replaced/),
    );
    await assert.rejects(
      second.request('log.filter', {
        logId,
        filter: { include: { text: '(', regex: true, matchCase: true } },
      }),
      refused('invalidPattern', /regular expression/i),
    );
    await third.request('log.attach', { logId });
    await second.request('log.close', { logId });
    await third.request('log.read', read);
    await third.request('log.close', { logId });
    await assert.rejects(third.request('log.attach', { logId }), refused('logGone', /over/));
    second.close();
    third.close();
  });

  it('ends when its environment is disconnected', async () => {
    const client = await connect();
    const { id: repositoryId } = bed.bed.repository;
    const params = { repositoryId, environment: 'production', workload: 'deployment/web', previous: false };
    const { logId } = await client.request('log.open', params);
    await client.request('environment.disconnect', { repositoryId, environment: 'production' });
    const view = await client.request('log.attach', { logId });
    assert.equal(view.state, 'ended');
    assert.match(view.reason ?? '', /production was disconnected/);
    client.close();
  });

  it('leaves nothing on the disk that somebody could find', () => {
    const folder = join(bed.bed.home, 'logs');
    assert.deepEqual(existsSync(folder) ? readdirSync(folder) : [], []);
  });
});
