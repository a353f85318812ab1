import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { buildDispatcher } from '../../../daemon/clusters/buildDispatcher.ts';
import { waitFor } from '../../../sandbox/waitFor.ts';

describe('the connections through a proxy that accepts and is silent', function () {
  this.timeout(20_000);

  it('end within the time that opening one may take', async () => {
    const sockets = new Set<Socket>();
    const proxy = createServer(socket => {
      sockets.add(socket.resume());
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    });
    proxy.listen({ host: '127.0.0.1', port: 0 });
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const dispatcher = await buildDispatcher(
      {
        server: 'https://cluster.example:6443',
        headers: {},
        tls: {},
        proxyUrl: `http://127.0.0.1:${port}`,
        transportKey: '',
        clusterKey: '',
        validUntil: Number.POSITIVE_INFINITY,
      },
      {},
    );
    try {
      const asked = dispatcher.request({ origin: 'https://cluster.example:6443', path: '/', method: 'GET' });
      const limit = wait(8_000).then(() => 'nothing ended it');
      assert.match(await Promise.race([asked.then(String, String), limit]), /Timeout/);
      await waitFor('the connection to end', async () => sockets.size === 0, { limitMs: 5_000 });
    } finally {
      dispatcher.destroy().catch(() => undefined);
      for (const socket of sockets) {
        socket.destroy();
      }
      proxy.close();
    }
  });
});
