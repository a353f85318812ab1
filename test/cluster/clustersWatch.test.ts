import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import type { ClusterConnection } from '../../daemon/clusters/clusterConnection.ts';
import type { Clusters } from '../../daemon/clusters/clusters.ts';
import { ResilientWatch, type WatchStatus } from '../../daemon/clusters/resilientWatch.ts';
import type { WatchEvent } from '../../daemon/clusters/watchedItems.ts';
import { runCommand } from '../../sandbox/runCommand.ts';
import { type BareControlPlane, startBareControlPlane } from './bareControlPlane.ts';
import { openClusters, rewriteKubeconfig } from './openClusters.ts';
import { clusterStartMs } from './sharedCluster.ts';
import { startTcpProxy, type TcpProxy } from './tcpProxy.ts';

const schema = z.object({
  metadata: z.object({ name: z.string(), resourceVersion: z.string() }),
  data: z.exactOptional(z.record(z.string(), z.string())),
});
type ConfigMap = { readonly name: string; readonly version: string; readonly count: string };

const project = (object: unknown): ConfigMap => {
  const { metadata, data } = schema.parse(object);
  return { name: metadata.name, version: metadata.resourceVersion, count: data?.['count'] ?? '' };
};

/** A watch of ConfigMaps that writes down everything it hears. */
function follow(connection: ClusterConnection, options: { livenessMs?: number } = {}) {
  const events: WatchEvent<ConfigMap>[] = [];
  const statuses: WatchStatus[] = [];
  const watch = new ResilientWatch({
    connection,
    path: '/api/v1/namespaces/default/configmaps',
    project,
    onEvent: event => events.push(event),
    onStatus: status => statuses.push(status),
    ...options,
  });
  watch.start();
  const counts = () => Object.fromEntries(watch.values().map(({ name, count }) => [name, count]));
  return { watch, events, statuses, counts };
}

async function until(what: string, condition: () => boolean, limitMs = 30_000): Promise<number> {
  const started = performance.now();
  while (!condition()) {
    assert.ok(performance.now() - started < limitMs, `waited ${limitMs} ms in vain for ${what}`);
    await wait(5);
  }
  return performance.now() - started;
}

describe('A watch on a cluster', function () {
  this.timeout(120_000);
  let plane: BareControlPlane;
  let direct: Clusters;
  let admin: ClusterConnection;
  let folder: string;

  before(async function () {
    this.timeout(clusterStartMs);
    plane = await startBareControlPlane();
    folder = await mkdtemp(join(tmpdir(), 'slipway-watch-'));
    direct = openClusters([plane.kubeconfigPath('admin')]);
    admin = direct.open('admin').connection;
    await create('first', 0);
  });

  after(async () => {
    direct?.dispose();
    await plane?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const create = (name: string, count: number) =>
    admin.send({
      method: 'POST',
      path: '/api/v1/namespaces/default/configmaps',
      contentType: 'application/json',
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name },
        data: { count: String(count) },
      }),
    });
  const change = (name: string, count: number) =>
    admin.send({
      method: 'PATCH',
      path: `/api/v1/namespaces/default/configmaps/${name}`,
      contentType: 'application/merge-patch+json',
      body: JSON.stringify({ data: { count: String(count) } }),
    });
  const remove = (name: string) =>
    runCommand(plane.tools.kubectl, ['delete', 'configmap', name, '-n', 'default'], {
      env: { KUBECONFIG: plane.kubeconfigPath('admin') },
    });

  /** The way to the same cluster through a proxy that the test can cut. */
  async function throughProxy(): Promise<{
    clusters: Clusters;
    connection: ClusterConnection;
    proxy: TcpProxy;
  }> {
    const proxy = await startTcpProxy(plane.server);
    const path = join(folder, `${new URL(proxy.url).port}.yaml`);
    await rewriteKubeconfig(plane.kubeconfigPath('admin'), path, { cluster: { server: proxy.url } });
    const clusters = openClusters([path]);
    return { clusters, connection: clusters.open('admin').connection, proxy };
  }

  it('L-13e tells of a change within a moment, and of a deletion', async () => {
    const { watch, events, counts } = follow(admin);
    await until('live', () => watch.status.type === 'live');
    await create('lone', 1);
    await until('the addition', () => counts()['lone'] === '1');
    await change('lone', 2);
    const took = await until('the change', () => counts()['lone'] === '2', 1_000);
    await remove('lone');
    await until('the deletion', () => !('lone' in counts()));
    watch.dispose();
    assert.ok(took < 250, `${took} ms after the API server's answer`);
    assert.deepEqual(
      events.filter(({ value }) => value.name === 'lone').map(({ type, value }) => [type, value.count]),
      [
        ['added', '1'],
        ['modified', '2'],
        ['deleted', '2'],
      ],
    );
  });

  it('L-13g tells of every change exactly once while its connections are cut again and again', async () => {
    const { clusters, connection, proxy } = await throughProxy();
    const { watch, events, counts } = follow(connection);
    await until('live', () => watch.status.type === 'live');
    await create('counted', 0);
    const written = new Set<string>();
    const cutting = setInterval(() => proxy.cut(), 400);
    for (let count = 1; count <= 300; count += 1) {
      const { metadata } = schema.parse(JSON.parse(await change('counted', count)));
      written.add(metadata.resourceVersion);
      if (count % 50 === 0) {
        await create(`short-${count}`, count);
        await remove(`short-${count}`);
      }
      await wait(10);
    }
    clearInterval(cutting);
    await until('the last change', () => counts()['counted'] === '300');
    await until('the last deletion', () => !Object.keys(counts()).some(name => name.startsWith('short-')));
    const opened = proxy.opened();
    watch.dispose();
    clusters.dispose();
    await proxy.close();
    const heard = events.filter(({ type, value }) => type === 'modified' && value.name === 'counted');
    assert.equal(heard.length, 300, 'each change once');
    assert.deepEqual(new Set(heard.map(({ value }) => value.version)), written);
    for (const type of ['added', 'deleted']) {
      const short = events.filter(event => event.type === type && event.value.name.startsWith('short-'));
      assert.equal(short.length, 6, type);
    }
    assert.ok(opened > 5, `${opened} connections were opened`);
  });

  it('L-13g finds what was deleted while its version had expired', async () => {
    const { clusters, connection, proxy } = await throughProxy();
    await create('old', 1);
    const { watch, events, statuses, counts } = follow(connection);
    await until('live', () => counts()['old'] === '1' && watch.status.type === 'live');
    proxy.refuse(true);
    proxy.cut();
    await until('stale', () => watch.status.type === 'stale');
    await remove('old');
    await create('new', 7);
    // Without its cache the API server knows only what etcd has: then nothing is left of the old version.
    await compact(plane);
    await plane.killApiServer();
    await plane.startApiServer();
    proxy.refuse(false);
    await until('live again', () => watch.status.type === 'live', 40_000);
    watch.dispose();
    clusters.dispose();
    await proxy.close();
    assert.equal(counts()['new'], '7');
    assert.equal('old' in counts(), false);
    assert.deepEqual(
      events
        .filter(({ value }) => ['old', 'new'].includes(value.name))
        .map(({ type, value }) => [type, value.name]),
      [
        ['added', 'old'],
        ['added', 'new'],
        ['deleted', 'old'],
      ],
    );
    assert.ok(
      statuses.some(
        status => status.type === 'stale' && 'kind' in status.error && status.error.kind === 'gone',
      ),
      'the API server said 410',
    );
  });

  it('L-13g notices a connection that has died without a word', async () => {
    const { clusters, connection, proxy } = await throughProxy();
    const { watch, counts } = follow(connection, { livenessMs: 2_000 });
    await until('live', () => watch.status.type === 'live');
    proxy.swallow(true);
    await create('unheard', 1);
    await until('stale', () => watch.status.type === 'stale', 5_000);
    proxy.swallow(false);
    await until('the change', () => counts()['unheard'] === '1');
    watch.dispose();
    clusters.dispose();
    await proxy.close();
  });

  it('asks seldom while the API server is down', async () => {
    const { clusters, connection, proxy } = await throughProxy();
    const { watch } = follow(connection);
    await until('live', () => watch.status.type === 'live');
    proxy.refuse(true);
    proxy.cut();
    const before = proxy.opened();
    await wait(8_000);
    const tries = proxy.opened() - before;
    watch.dispose();
    clusters.dispose();
    await proxy.close();
    assert.ok(tries >= 2 && tries <= 12, `${tries} tries in 8 s`);
  });
});

describe('A watch on a cluster without streaming lists', function () {
  this.timeout(120_000);
  let plane: BareControlPlane;

  before(async function () {
    this.timeout(clusterStartMs);
    plane = await startBareControlPlane({ apiServerFlags: ['--feature-gates=WatchList=false'] });
  });

  after(() => plane?.stop());

  it('lists and then watches', async () => {
    const clusters = openClusters([plane.kubeconfigPath('admin')]);
    const { connection } = clusters.open('admin');
    const write = (method: 'POST' | 'PATCH', path: string, body: object) =>
      connection.send({
        method,
        path: `/api/v1/namespaces/default/configmaps${path}`,
        contentType: method === 'POST' ? 'application/json' : 'application/merge-patch+json',
        body: JSON.stringify(body),
      });
    const metadata = { name: 'there' };
    await write('POST', '', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { count: '1' } });
    const { watch, counts, events } = follow(connection);
    await until('live', () => watch.status.type === 'live');
    assert.equal(counts()['there'], '1');
    await write('PATCH', '/there', { data: { count: '2' } });
    await until('the change', () => counts()['there'] === '2');
    watch.dispose();
    clusters.dispose();
    assert.deepEqual(
      events.filter(({ value }) => value.name === 'there').map(({ type }) => type),
      ['added', 'modified'],
    );
  });
});

/** Makes etcd forget every version but the newest. */
async function compact(plane: BareControlPlane): Promise<void> {
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${plane.etcdUrl}/v3/${path}`, { method: 'POST', body: JSON.stringify(body) });
    assert.ok(answer.ok, `etcd ${path}: ${answer.status}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  const key = Buffer.from('/').toString('base64');
  const { header } = (await post('kv/range', { key, limit: 1 })) as { header: { revision: string } };
  await post('kv/compaction', { revision: header.revision, physical: true });
}
