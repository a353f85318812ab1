import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { buildDispatcher } from '../../../daemon/clusters/buildDispatcher.ts';
import { waitFor } from '../../../sandbox/waitFor.ts';
import { TcpServers } from './tcpServers.ts';

describe('the connections through a proxy that accepts and is silent', function () {
  this.timeout(20_000);

  it('end within the time that opening one may take', async () => {
    const servers = new TcpServers();
    const address = await servers.open(socket => socket.resume());
    const dispatcher = await buildDispatcher({
      server: 'https://cluster.example:6443',
      headers: {},
      tls: {},
      proxy: { url: `http://${address}`, address, from: 'HTTPS_PROXY' },
      transportKey: '',
      clusterKey: '',
      validUntil: Number.POSITIVE_INFINITY,
    });
    try {
      const asked = dispatcher.request({ origin: 'https://cluster.example:6443', path: '/', method: 'GET' });
      const limit = wait(8_000).then(() => 'nothing ended it');
      const error = await Promise.race([asked.then(String, (thrown: Error) => thrown), limit]);
      assert.match(String(error instanceof Error ? error.cause : error), /Timeout/);
      await waitFor('the connection to end', async () => servers.connections === 0, { limitMs: 5_000 });
    } finally {
      dispatcher.destroy().catch(() => undefined);
      servers.close();
    }
  });
});
