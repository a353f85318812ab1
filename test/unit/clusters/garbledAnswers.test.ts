import assert from 'node:assert/strict';
import type { ClusterConnection } from '../../../daemon/clusters/clusterConnection.ts';
import { ClusterError } from '../../../daemon/clusters/clusterError.ts';
import { readClusterId } from '../../../daemon/clusters/clusterIdentity.ts';
import { listCollection } from '../../../daemon/clusters/listCollection.ts';
import { readEvents, readObject, readUserName, reviewAccess } from '../../../daemon/clusters/requests.ts';
import { ResilientWatch, type WatchStatus } from '../../../daemon/clusters/resilientWatch.ts';
import { ResourcePaths } from '../../../daemon/clusters/resourcePaths.ts';
import { mayPass } from '../../../daemon/promotion/mayPass.ts';
import { readHelmRevisions } from '../../../daemon/watching/clusterWorld.ts';
import { waitFor } from '../../../sandbox/waitFor.ts';
import { connectionTo } from './connectionTo.ts';
import { TcpServers } from './tcpServers.ts';

const type = 'content-type: application/json';
/** An answer whose end is the end of the connection: a proxy that speaks HTTP/1.0 leaves no other sign of it. */
const unmeasured = (body: string) => `HTTP/1.1 200 OK\r\n${type}\r\nconnection: close\r\n\r\n${body}`;
const part = '{"metadata":{"name":"a{[\\"b","uid":"s3cr';

const everyRead: Readonly<Record<string, (connection: ClusterConnection) => Promise<unknown>>> = {
  'GET /api/v1/namespaces/kube-system': connection => readClusterId(connection),
  'GET /api/v1/pods/a': connection => readObject({ connection }, '/api/v1/pods/a'),
  'GET /api/v1/namespaces/a/events': connection =>
    readEvents({ connection }, { namespace: 'a', uid: 'u', limit: 1 }),
  'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews': connection =>
    reviewAccess({ connection }, { verb: 'get', resource: 'pods' }),
  'POST /apis/authentication.k8s.io/v1/selfsubjectreviews': connection => readUserName({ connection }),
  'GET /apis/apps/v1': connection =>
    new ResourcePaths(connection).find({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }, 'a'),
  'GET /api/v1/pods': connection =>
    listCollection(
      { connection, signal: new AbortController().signal },
      { path: '/api/v1/pods' },
      () => undefined,
    ),
  'GET /api/v1/namespaces/a/secrets': connection =>
    readHelmRevisions(
      { connection, context: 'here', paths: new ResourcePaths(connection) },
      {
        namespace: 'a',
        release: 'r',
      },
    ),
};

describe('an answer that is not whole, or not of Kubernetes', function () {
  this.timeout(10_000);

  let servers: TcpServers;
  beforeEach(() => {
    servers = new TcpServers();
  });
  afterEach(() => servers.close());

  /** Asks a server that answers with `text`, and gives the error. */
  async function fail(
    text: string,
    ask = everyRead['GET /api/v1/namespaces/kube-system'],
  ): Promise<{ error: ClusterError; address: string }> {
    const address = await servers.openAnswering(text);
    const connection = connectionTo({ server: `http://${address}` });
    try {
      await ask?.(connection);
    } catch (error) {
      assert.ok(error instanceof ClusterError, String(error));
      assert.equal(error.code, 'clusterUnreachable');
      assert.ok(mayPass(error), 'it may be over at the next try');
      assert.ok(!String(error.message + error.cause).includes('s3cr'), 'what was read may be a Secret');
      return { error, address };
    } finally {
      connection.close();
    }
    return assert.fail('it was understood');
  }

  for (const [asked, ask] of Object.entries(everyRead)) {
    it(`L-13f is said to be cut to ${asked}`, async () => {
      const { error, address } = await fail(unmeasured(part), ask);
      assert.equal(
        error.message,
        `The answer of the cluster of context "here" (http://${address}) to ${asked} was cut after ${part.length} bytes.`,
      );
      assert.match(error.next, /Check what stands between this machine and the cluster, such as a proxy/);
    });
  }

  for (const [what, text, words] of [
    ['a length that is not reached', `HTTP/1.1 200 OK\r\n${type}\r\ncontent-length: 99\r\n\r\n${part}`, part],
    [
      'a chunk that is not the last',
      `HTTP/1.1 200 OK\r\n${type}\r\ntransfer-encoding: chunked\r\n\r\n${part.length.toString(16)}\r\n${part}\r\n`,
      part,
    ],
    ['nothing', unmeasured(''), ''],
    ['the inside of a list', unmeasured('[{"a":[1,2'), '[{"a":[1,2'],
  ] as const) {
    it(`L-13f is said to be cut after ${what}`, async () => {
      const { error } = await fail(text);
      assert.match(error.message, new RegExp(`kube-system was cut after ${words.length} bytes\\.$`));
    });
  }

  for (const [what, body] of [
    ['words', 'Access denied, s3cret'],
    ['a page', '<html>{</html>'],
    ['more than one value', '{"metadata":{}} {"s3cret":'],
    ['broken JSON', '{"s3cret":"]",}'],
  ] as const) {
    it(`L-13f is said not to be JSON when it is ${what}`, async () => {
      assert.match((await fail(unmeasured(body))).error.message, /to GET \/\S+\/kube-system is not JSON\.$/);
    });
  }

  it('L-13f is said not to be of Kubernetes when it is other JSON', async () => {
    const { error } = await fail(unmeasured('{"error":"quota"}'));
    assert.match(error.message, /is not what an API server of Kubernetes writes \(.*metadata.*\)\.$/);
  });

  it('L-13f names the proxy through which it came', async () => {
    const address = await servers.openAnswering(unmeasured(part));
    const connection = connectionTo(
      { server: 'http://cluster.example' },
      { http_proxy: `http://me:s3cret@${address}` },
    );
    await assert.rejects(readClusterId(connection), (error: ClusterError) => {
      const proxy = `the proxy ${address} (from http_proxy)`;
      assert.ok(error.message.includes(`(http://cluster.example) through ${proxy} to GET`), error.message);
      assert.ok(error.next.includes(`between this machine and the cluster, ${proxy}; then`), error.next);
      return true;
    });
    connection.close();
  });

  it('L-13f makes a watch stale until it is one again', async () => {
    const initial =
      '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"1","annotations":{"k8s.io/initial-events-end":"true"}}}}\n';
    let body = 'Access denied\n';
    const address = await servers.open(socket =>
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\n${type}\r\nconnection: close\r\n\r\n${body}`);
        if (body !== initial) {
          socket.end();
        }
      }),
    );
    const statuses: WatchStatus[] = [];
    const connection = connectionTo({ server: `http://${address}` });
    const watch = new ResilientWatch({
      connection,
      path: '/api/v1/pods',
      project: object => object,
      onEvent: () => undefined,
      onStatus: status => statuses.push(status),
    });
    watch.start();
    await waitFor('it to be stale', async () => watch.status.type === 'stale', { limitMs: 5_000 });
    const [first] = statuses;
    assert.ok(first?.type === 'stale');
    assert.equal(
      first.error.message,
      `The answer of the cluster of context "here" (http://${address}) to WATCH /api/v1/pods is not JSON.`,
    );
    body = initial;
    await waitFor('it to be live', async () => watch.status.type === 'live', { limitMs: 5_000 });
    watch.dispose();
    connection.close();
  });
});
