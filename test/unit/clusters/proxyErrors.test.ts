import assert from 'node:assert/strict';
import { ClusterError } from '../../../daemon/clusters/clusterError.ts';
import { ResilientWatch } from '../../../daemon/clusters/resilientWatch.ts';
import { connectionTo } from './connectionTo.ts';
import { TcpServers } from './tcpServers.ts';

const https = 'https://cluster.example:6443';
const http = 'http://cluster.example:8001';
const answer = (status: string, body = '') =>
  `HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
const quoted = (text: string) => text.replace(/[.()]/g, '\\$&');

describe('an error of a request through a proxy', function () {
  this.timeout(20_000);

  let servers: TcpServers;
  beforeEach(() => {
    servers = new TcpServers();
  });
  afterEach(() => servers.close());

  /** Asks through a proxy and gives the error; makes sure that it tells nobody the password. */
  async function fail(
    server: string,
    proxyUrl: string,
    way: 'kubeconfig' | 'environment' = 'environment',
    ask: 'send' | 'stream' | 'probe' = 'send',
  ): Promise<ClusterError> {
    const variable = server.startsWith('https') ? 'HTTPS_PROXY' : 'HTTP_PROXY';
    const connection =
      way === 'kubeconfig'
        ? connectionTo({ server, 'proxy-url': proxyUrl })
        : connectionTo({ server }, { [variable]: proxyUrl });
    try {
      const request = { path: '/api' };
      await (ask === 'probe' ? connection.probe(5_000) : connection[ask](request));
    } catch (error) {
      assert.ok(error instanceof ClusterError, String(error));
      assert.equal(error.code, 'clusterUnreachable', error.message);
      const told = JSON.stringify([error.message, error.next, error.details]);
      assert.ok(!told.includes('s3cret') && !told.includes('alice@'), told);
      return error;
    } finally {
      connection.close();
    }
    return assert.fail('it was answered');
  }

  for (const server of [https, http]) {
    const variable = server === https ? 'HTTPS_PROXY' : 'HTTP_PROXY';
    for (const scheme of ['http', 'https', 'socks5']) {
      it(`L-13f names the ${scheme} proxy that is not there, and ${variable}, for ${server}`, async () => {
        const address = await servers.findClosed();
        const error = await fail(server, `${scheme}://alice:s3cret@${address}`);
        assert.equal(
          error.message,
          `The cluster of context "here" (${server}) cannot be reached: the proxy ${address} (from ${variable}) cannot be used: nothing listens there (connect ECONNREFUSED ${address}).`,
        );
        assert.match(error.next, new RegExp(`Check the proxy\\. Where ${variable} is wrong`));
        assert.equal(error.details['proxy'], address);
      });
    }

    it(`L-13f names the proxy whose name nobody knows for ${server}`, async () => {
      const error = await fail(server, 'http://alice:s3cret@proxy.invalid:3128', 'kubeconfig');
      assert.match(
        error.message,
        /: the proxy proxy\.invalid:3128 \(from proxy-url of the kubeconfig\) cannot be used: its name /,
      );
      assert.match(error.next, /correct proxy-url of the cluster in the kubeconfig/);
    });

    it(`L-13f says that the proxy wants a login for ${server}`, async () => {
      const address = await servers.openAnswering(answer('407 Proxy Authentication Required'));
      const error = await fail(server, `http://alice:s3cret@${address}`);
      assert.match(
        error.message,
        new RegExp(
          `: the proxy ${address} \\(from ${variable}\\) wants a login: put user and password into ${variable}\\.$`,
        ),
      );
    });
  }

  for (const status of [403, 502, 503, 504]) {
    it(`L-13f names the proxy that answers ${status} to CONNECT`, async () => {
      const address = await servers.openAnswering(answer(`${status} No`));
      const { message } = await fail(https, `http://alice:s3cret@${address}`);
      assert.match(
        message,
        new RegExp(`: the proxy ${address} \\(from HTTPS_PROXY\\) answered ${status}\\.$`),
      );
    });
  }

  for (const ask of ['stream', 'probe'] as const) {
    it(`L-13f names the proxy to a ${ask === 'stream' ? 'watch' : 'probe'} as well`, async () => {
      const address = await servers.openAnswering(answer('502 Bad Gateway'));
      const { message } = await fail(https, `http://${address}`, 'kubeconfig', ask);
      assert.match(message, /: the proxy 127.*\(from proxy-url of the kubeconfig\) answered 502\.$/);
    });
  }

  for (const [what, scheme, said, words] of [
    ['is cut', 'http', '', /cannot be used: the connection was cut \(other side closed\)/],
    ['is no proxy', 'http', 'SSH-2.0-OpenSSH\r\n', /cannot be used: Response does not match the HTTP\/1\.1/],
    ['speaks no TLS', 'https', answer('400 Bad Request'), /cannot be used: it does not speak TLS/],
    ['is no SOCKS', 'socks5', answer('400 Bad Request'), /cannot be used: Invalid SOCKS version/],
    [
      'wants a SOCKS login',
      'socks5',
      Buffer.from([5, 255]),
      /wants a login: put user and password into HTTPS_/,
    ],
  ] as const) {
    it(`L-13f names the ${scheme} proxy that ${what}`, async () => {
      const address = await servers.openAnswering(said);
      const { message } = await fail(https, `${scheme}://alice:s3cret@${address}`);
      assert.match(message, new RegExp(quoted(`: the proxy ${address} (from HTTPS_PROXY) `) + words.source));
    });
  }

  it('L-13f names the SOCKS proxy that cannot reach the cluster', async () => {
    const address = await servers.open(socket =>
      socket.once('data', () => {
        socket.write(Buffer.from([5, 0]));
        socket.once('data', () => socket.end(Buffer.from([5, 4, 0, 1, 0, 0, 0, 0, 0, 0])));
      }),
    );
    const { message } = await fail(https, `socks5://${address}`);
    assert.match(message, /: the proxy 127.* cannot be used: SOCKS5 connection failed: Host unreachable\.$/);
  });

  it('L-13f names the proxy that is silent', async () => {
    const address = await servers.open(socket => socket.resume());
    const { message } = await fail(https, `http://${address}`);
    assert.match(
      message,
      new RegExp(`the proxy ${address} \\(from HTTPS_PROXY\\) cannot be used: it did not answer in time`),
    );
  });

  it('L-13f does not blame the cluster alone when a SOCKS proxy is silent', async () => {
    const address = await servers.open(socket => socket.resume());
    const { message } = await fail(https, `socks5://${address}`);
    assert.match(
      message,
      new RegExp(
        `through the proxy ${address} \\(from HTTPS_PROXY\\): the proxy, or the cluster behind it, did not answer in time\\.$`,
      ),
    );
  });

  it('L-13f names the proxy when the time of a probe is over first', async () => {
    const address = await servers.open(socket => socket.resume());
    const connection = connectionTo({ server: https }, { HTTPS_PROXY: `http://alice:s3cret@${address}` });
    await assert.rejects(connection.probe(200), {
      message: `The cluster of context "here" (${https}) cannot be reached through the proxy ${address} (from HTTPS_PROXY): the proxy, or the cluster behind it, did not answer in time.`,
    });
    connection.close();
  });

  it('L-13f names the proxy without blaming it for what comes through its tunnel', async () => {
    const address = await servers.open(socket =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.once('data', () => socket.destroy());
      }),
    );
    const { message } = await fail(https, `http://${address}`);
    assert.match(
      message,
      new RegExp(
        `cannot be reached through the proxy ${address} \\(from HTTPS_PROXY\\): the connection was cut`,
      ),
    );
  });

  it('L-13f names the proxy that answers instead of the cluster', async () => {
    const bad = await servers.openAnswering(answer('502 Bad Gateway', 'no route'));
    const { message } = await fail(http, `http://${bad}`);
    assert.match(
      message,
      new RegExp(`through the proxy ${bad} \\(from HTTP_PROXY\\) came HTTP 502: no route`),
    );
    const page = 'HTTP/1.1 302 Found\r\nlocation: http://portal.example/\r\nconnection: close\r\n\r\n';
    const portal = await servers.openAnswering(page);
    const { next } = await fail(http, `http://${portal}`);
    assert.match(next, new RegExp(`check the proxy ${portal} \\(from HTTP_PROXY\\)`));
  });

  for (const [what, headers, words] of [
    [
      'cut',
      'transfer-encoding: chunked',
      'A watch on the cluster of context "here" through THE PROXY was cut: ',
    ],
    [
      'closed',
      'connection: close',
      'The API server, or THE PROXY on the way to it, closes watches as soon as',
    ],
  ] as const) {
    it(`L-13f names the proxy through which a watch was ${what}`, async () => {
      const address = await servers.open(socket =>
        socket.once('data', () => {
          socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${headers}\r\n\r\n`);
          setTimeout(() => socket.resetAndDestroy(), 100);
        }),
      );
      const connection = connectionTo({ server: http }, { HTTP_PROXY: `http://alice:s3cret@${address}` });
      const { promise, resolve } = Promise.withResolvers<string>();
      const watch = new ResilientWatch({
        connection,
        path: '/api/v1/pods',
        project: object => object,
        onEvent: () => undefined,
        onStatus: status => status.type === 'stale' && resolve(status.error.message),
      });
      watch.start();
      const message = await promise;
      watch.dispose();
      connection.close();
      const expected = words.replace('THE PROXY', `the proxy ${address} (from HTTP_PROXY)`);
      assert.ok(message.startsWith(expected), message);
    });
  }

  it('names no proxy that it does not go through', async () => {
    const address = await servers.findClosed();
    const connection = connectionTo(
      { server: `https://${address}` },
      { HTTPS_PROXY: 'http://proxy.invalid:1' },
    );
    await assert.rejects(connection.send({ path: '/api' }), {
      message: `The cluster of context "here" (https://${address}) cannot be reached: nothing listens there (connect ECONNREFUSED ${address}).`,
    });
    connection.close();
  });

  it('is none when the proxy opens the way', async () => {
    const address = await servers.openAnswering(answer('200 OK', '{}'));
    const connection = connectionTo({ server: http }, { HTTP_PROXY: `http://${address}` });
    assert.equal(await connection.send({ path: '/api' }), '{}');
    connection.close();
  });
});
