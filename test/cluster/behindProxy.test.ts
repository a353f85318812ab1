import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import { SlipwayError } from '../../daemon/protocol/errors.ts';
import { EnvironmentRecord } from './environmentRecord.ts';
import { type OwnDaemon, startOwnDaemon } from './ownDaemon.ts';
import { buildChart, OwnRepository } from './ownRepository.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** A proxy that opens tunnels, and can be gone for a time. */
class ConnectProxy {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    const server = createServer();
    server.on('connection', socket => this.#keep(socket));
    server.on('connect', (message, near: Socket) => {
      const [host = '', port = ''] = (message.url ?? '').split(':');
      const far = connectTcp({ host, port: Number(port) }, () => {
        near.write('HTTP/1.1 200 Connection established\r\n\r\n');
        near.pipe(far).pipe(near);
      });
      this.#keep(far);
      near.on('close', () => far.destroy());
    });
    server.listen({ host: '127.0.0.1', port: this.#port });
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server) {
      server.close();
      for (const socket of this.#sockets) {
        socket.destroy();
      }
      await once(server, 'close');
    }
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

describe('a cluster behind a proxy', () => {
  const proxy = new ConnectProxy();
  let own: OwnDaemon | undefined;
  let client: DaemonClient;
  let kubeconfig: string;
  let repositoryId: string;

  before(async function () {
    this.timeout(clusterStartMs);
    await proxy.open();
    own = await startOwnDaemon({
      buildKubeconfig: async ({ cluster, folder }) => {
        kubeconfig = join(folder, 'kubeconfig');
        await copyFile(cluster.sandbox.kubeconfigPath('alice'), kubeconfig);
        return kubeconfig;
      },
    });
    client = own.client;
    const namespace = await own.cluster.namespace('behind');
    const repository = await OwnRepository.create(join(own.folder, 'shop'));
    await repository.release('v1.0.0', {
      ...buildChart('charts/shop', { kind: 'Deployment', name: 'shop', repository: 'example/shop' }),
      'values-staging.yaml': 'replicas: 1\n',
      'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Procedure
name: shop
releases: {tags: 'v*', images: {shop: 'example/shop:{version}'}}
components:
  shop:
    workload: deployment/shop
    methods: {helm: {release: shop, chart: ./charts/shop, values: ['values-{environment}.yaml']}}
environments:
  staging: {cluster: {namespace: ${namespace}}}
`,
    });
    const opened = await client.request('repository.open', { folder: repository.folder });
    const { commandsDigest } = opened.trust;
    await client.request('repository.trust', { repositoryId: opened.id, commandsDigest });
    repositoryId = opened.id;
  });
  after(async () => {
    await own?.dispose();
    await proxy.close();
  });

  const context = 'kosmos-staging';
  const connect = () =>
    client.request('environment.connect', { repositoryId, environment: 'staging', context });

  /** Lets the context's cluster be reached by that proxy. */
  async function setProxyUrl(url: string): Promise<void> {
    const flags = ['--kubeconfig', kubeconfig];
    const path = `{.contexts[?(@.name=="${context}")].context.cluster}`;
    const name = await own?.cluster.kubectl(['config', 'view', ...flags, '-o', `jsonpath=${path}`]);
    await own?.cluster.kubectl(['config', 'set-cluster', name ?? '', `--proxy-url=${url}`, ...flags]);
  }

  it('L-13f is not asked by way of a proxy that nobody can speak to, and the file is named', async () => {
    await setProxyUrl('ftp://alice:s3cret@proxy.example:21');
    await assert.rejects(connect(), error => {
      assert.ok(error instanceof SlipwayError);
      assert.equal(error.code, 'invalidArgument');
      assert.match(
        error.message,
        /^The proxy-url of the cluster "\S+" \(context "kosmos-staging", \/.*\/kubeconfig\) cannot be used: its scheme is "ftp", not one of http, https and socks5\.$/,
      );
      assert.match(error.next, /Correct clusters\[\]\.cluster\.proxy-url/);
      return true;
    });
  });

  it('L-13f L-13g names the proxy while it is gone, and recovers by itself', async () => {
    await setProxyUrl(`http://alice:s3cret@${proxy.address}`);
    const record = new EnvironmentRecord(client, 'staging');
    await connect();
    await record.waitFor('that it is live', ({ connection }) => connection.state === 'live');
    await proxy.close();
    const { environment } = await record.waitFor(
      'that the proxy is gone',
      ({ connection }) =>
        connection.state === 'stale' && /nothing listens there/.test(connection.reason ?? ''),
    );
    const named = `: the proxy ${proxy.address} (from proxy-url of the kubeconfig) cannot be used: nothing listens there`;
    assert.ok(environment.connection.reason?.includes(named), environment.connection.reason);
    assert.ok(!JSON.stringify(record.told).includes('s3cret'));
    record.dispose();
    const after = new EnvironmentRecord(client, 'staging');
    await proxy.open();
    await after.waitFor('that it is live again', ({ connection }) => connection.state === 'live');
    after.dispose();
  });
});
