import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClusterConnection } from '../../../daemon/clusters/clusterConnection.ts';
import { connectionTo } from './connectionTo.ts';

describe('a cluster for which something else answers', () => {
  let server: Server;
  let connection: ClusterConnection;
  let answer: RequestListener;

  before(async () => {
    server = createServer((request, response) => answer(request, response));
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    connection = connectionTo({ server: `http://127.0.0.1:${port}` });
  });
  after(async () => {
    connection.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const requests = {
    'a request': () => connection.send({ path: '/api' }),
    'a watch': () => connection.stream({ path: '/api' }),
    'a probe': () => connection.probe(5_000),
  };
  const pages: Readonly<Record<string, RequestListener>> = {
    'a web page': (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>Welcome</html>'),
    'the way to one': (_, response) => response.writeHead(302, { location: 'http://portal.example/' }).end(),
  };
  for (const [what, ask] of Object.entries(requests)) {
    for (const [page, listener] of Object.entries(pages)) {
      it(`L-13f is said to be out of reach when ${what} gets ${page}`, async () => {
        answer = listener;
        await assert.rejects(ask, (error: Error & { code?: string; next?: string }) => {
          assert.equal(error.code, 'clusterUnreachable');
          assert.match(error.message, /Something between this machine and the cluster of context "here"/);
          assert.match(error.next ?? '', /Sign in to the network, or check the proxy/);
          return true;
        });
      });
    }
  }

  it('is asked as ever when it answers itself', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    assert.equal(await connection.send({ path: '/api' }), '{}');
    await connection.probe(5_000);
  });
});
