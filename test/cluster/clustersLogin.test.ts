import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect as connectTcp, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Clusters } from '../../daemon/clusters/clusters.ts';
import { readObject, readUserName } from '../../daemon/clusters/requests.ts';
import { EnvironmentWatch } from '../../daemon/watching/environmentWatch.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { type BareControlPlane, startBareControlPlane } from './bareControlPlane.ts';
import { openClusters, rewriteKubeconfig, waitForState } from './openClusters.ts';
import { clusterStartMs } from './sharedCluster.ts';

describe('The login of a kubeconfig', function () {
  this.timeout(60_000);
  let plane: BareControlPlane;
  let folder: string;
  let path: string;
  const cleanups: (() => unknown)[] = [];

  before(async function () {
    this.timeout(clusterStartMs);
    folder = await mkdtemp(join(tmpdir(), 'slipway-login-'));
    path = join(folder, 'kubeconfig.yaml');
    await writeFile(
      join(folder, 'tokens.csv'),
      'good-token,robot,1,"system:masters"\nother-token,somebody,2,"system:masters"\n',
    );
    plane = await startBareControlPlane({
      apiServerFlags: ['--token-auth-file', join(folder, 'tokens.csv')],
    });
    // Prints the token that the test put beside it, and counts its runs.
    await writeFile(
      join(folder, 'login'),
      '#!/bin/sh\necho run >> "$(dirname "$0")/runs"\ncat "$(dirname "$0")/credential" || { echo "please log in" >&2; exit 1; }\n',
    );
    await chmod(join(folder, 'login'), 0o755);
  });

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) {
      await cleanup();
    }
    await rm(join(folder, 'runs'), { force: true });
    await rm(join(folder, 'credential'), { force: true });
  });

  after(async () => {
    await plane?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const giveToken = (token: string) =>
    writeFile(
      join(folder, 'credential'),
      JSON.stringify({
        apiVersion: 'client.authentication.k8s.io/v1',
        kind: 'ExecCredential',
        status: { token },
      }),
    );
  const countRuns = async () =>
    (await readFile(join(folder, 'runs'), 'utf8').catch(() => '')).split('\n').length - 1;

  async function open(
    changes: { user?: Record<string, unknown>; cluster?: Record<string, unknown> },
    environment: Record<string, string> = {},
  ): Promise<Clusters> {
    await rewriteKubeconfig(plane.kubeconfigPath('admin'), path, changes);
    const clusters = openClusters([path], environment);
    cleanups.push(() => clusters.dispose());
    return clusters;
  }

  const exec = {
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './login', interactiveMode: 'Never' },
  };

  it('is by a credential plugin, run once for many requests', async () => {
    await giveToken('good-token');
    const cluster = (await open({ user: exec })).open('admin');
    const names = await Promise.all(Array.from({ length: 10 }, () => readUserName(cluster)));
    assert.deepEqual(new Set(names), new Set(['robot']));
    assert.equal(await countRuns(), 1);
  });

  it('is asked for once more when the API server refuses it', async () => {
    await giveToken('expired-token');
    const cluster = (await open({ user: exec })).open('admin');
    await assert.rejects(readUserName(cluster), { code: 'loginExpired' });
    assert.equal(await countRuns(), 2);
    await giveToken('good-token');
    assert.equal(await readUserName(cluster), 'robot');
  });

  it('that has expired is told, and the environment goes on by itself after the next one', async () => {
    const clusters = await open({ user: exec });
    const watch = new EnvironmentWatch({ clusters, context: 'admin', namespace: 'default' });
    cleanups.push(() => watch.dispose());
    watch.connect();
    await waitForState(watch, ({ connection }) => connection.state === 'failed');
    assert.match(
      watch.state.connection.reason ?? '',
      /The credential plugin .*login failed: .*please log in/,
    );
    await giveToken('good-token');
    clusters.reload();
    await waitForState(watch, ({ connection }) => connection.state === 'live', 25_000);
  });

  it('is by a token file', async () => {
    await writeFile(join(folder, 'token'), 'good-token');
    const clusters = await open({ user: { tokenFile: 'token' } });
    const cluster = clusters.open('admin');
    assert.equal(await readUserName(cluster), 'robot');
    await writeFile(join(folder, 'token'), 'other-token');
    const later = openClusters([path]);
    cleanups.push(() => later.dispose());
    assert.equal(await readUserName(later.open('admin')), 'somebody');
  });

  it('can be for somebody else, with groups', async () => {
    const certificates = parse(await readFile(plane.kubeconfigPath('admin'), 'utf8')).users[0].user;
    const user = { ...certificates, as: 'carol', 'as-groups': ['system:masters', 'deployers'] };
    const cluster = (await open({ user })).open('admin');
    assert.equal(await readUserName(cluster), 'carol');
    assert.ok(await readObject(cluster, '/api/v1/namespaces/default'), 'the groups arrived');
  });

  it('by a kind that Kubernetes has given up is refused with what to use instead', async () => {
    const cluster = (await open({ user: { 'auth-provider': { name: 'gcp' } } })).open('admin');
    await assert.rejects(readUserName(cluster), /auth-provider "gcp"/);
  });

  it('follows the kubeconfig when it changes', async () => {
    const clusters = await open({
      user: { token: 'good-token' },
      cluster: { server: 'https://127.0.0.1:1' },
    });
    const cluster = clusters.open('admin');
    await assert.rejects(readUserName(cluster), { code: 'clusterUnreachable' });
    await rewriteKubeconfig(plane.kubeconfigPath('admin'), path, { user: { token: 'good-token' } });
    clusters.reload();
    await waitFor('it to be read again', async () => (await readUserName(cluster)) === 'robot', {
      limitMs: 5_000,
    });
  });

  it('goes through the proxy that the kubeconfig or the environment names', async () => {
    const { port } = new URL(plane.server);
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (message, near: Socket) => {
      asked.push(message.url ?? '');
      const far = connectTcp({ host: '127.0.0.1', port: Number(port) }, () => {
        near.write('HTTP/1.1 200 Connection established\r\n\r\n');
        near.pipe(far).pipe(near);
      });
      far.on('error', () => near.destroy());
      near.on('error', () => far.destroy());
    });
    const url = `http://127.0.0.1:${await listen(proxy)}`;
    const named = await open({ user: { token: 'good-token' }, cluster: { 'proxy-url': url } });
    assert.equal(await readUserName(named.open('admin')), 'robot');
    assert.deepEqual(asked, [`127.0.0.1:${port}`]);

    // This machine never goes through the environment's proxy, so the cluster gets a name that nobody knows.
    const cluster = {
      'proxy-url': undefined,
      server: 'https://cluster.example:6443',
      'tls-server-name': 'localhost',
    };
    const found = await open({ user: { token: 'good-token' }, cluster }, { HTTPS_PROXY: url });
    assert.equal(await readUserName(found.open('admin')), 'robot');
    assert.deepEqual(asked.slice(1), ['cluster.example:6443']);
  });

  it('goes through a SOCKS proxy', async () => {
    const { port } = new URL(plane.server);
    const { server, asked } = startSocksProxy(Number(port));
    const socksPort = await listen(server);
    const clusters = await open({
      user: { token: 'good-token' },
      cluster: { 'proxy-url': `socks5://127.0.0.1:${socksPort}` },
    });
    assert.equal(await readUserName(clusters.open('admin')), 'robot');
    assert.ok(asked.length >= 1);
  });

  /** Listens until the end of the test. */
  async function listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', socket => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    cleanups.push(() => {
      for (const socket of sockets) {
        socket.destroy();
      }
      server.close();
    });
    const address = server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }
});

/** The least of RFC 1928 that CONNECT to an IPv4 address or a name needs; everything leads to `port`. */
function startSocksProxy(port: number): { readonly server: Server; readonly asked: Buffer[] } {
  const asked: Buffer[] = [];
  const server = createTcpServer(near => {
    near.on('error', () => near.destroy());
    near.once('data', () => {
      near.write(Buffer.from([5, 0]));
      near.once('data', request => {
        asked.push(request);
        const far = connectTcp({ host: '127.0.0.1', port }, () => {
          near.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
          near.pipe(far).pipe(near);
        });
        far.on('error', () => near.destroy());
      });
    });
  });
  return { server, asked };
}
