import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'mocha';
import { WebSocket } from 'ws';
import { cleanFolders, waitUntil } from './testFolder.ts';
import { startTestServer, type TestServer } from './testServer.ts';

type Answer = { readonly status: number; readonly body: string; readonly headers: string };
type Try = {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly token?: string | undefined;
};

describe('the door', () => {
  let test: TestServer;
  before(async () => {
    test = await startTestServer({ limits: { handshakeMs: 1_000 } });
  });
  after(async () => {
    await test.stop();
    await cleanFolders();
  });

  /** The same request as plain HTTP and as a WebSocket handshake. */
  async function both(attempt: Try): Promise<readonly [Answer, Answer]> {
    return [
      await knock(test, attempt),
      await knock(test, { ...attempt, headers: { ...attempt.headers, ...upgrade } }),
    ];
  }

  async function assertRefused(attempt: Try): Promise<void> {
    for (const answer of await both(attempt)) {
      assert.equal(answer.status, 403);
      assert.equal(answer.body, '');
      assert.ok(!answer.headers.includes(test.discovery.token));
    }
  }

  it('L-06a lets in who has the token', async () => {
    const answer = await knock(test, { token: test.discovery.token, headers: upgrade });
    assert.equal(answer.status, 101);
  });

  it('L-06a refuses who has no token', async () => {
    await assertRefused({ token: undefined });
  });

  it('L-06a refuses tokens that are shorter, longer, empty or of the right length but wrong', async () => {
    const { token } = test.discovery;
    const other = token[0] === 'A' ? 'B' : 'A';
    for (const wrong of [token.slice(1), `${token}A`, '', other + token.slice(1), token.toLowerCase()]) {
      await assertRefused({ token: wrong });
    }
  });

  it('L-06a refuses a token that is only in the URL', async () => {
    for (const path of [`/?token=${test.discovery.token}`, `/${test.discovery.token}`]) {
      await assertRefused({ token: undefined, path });
    }
  });

  it('L-06a refuses the right token under another scheme, or given twice', async () => {
    const { token } = test.discovery;
    await assertRefused({ token: undefined, headers: { authorization: `Basic ${token}` } });
    await assertRefused({ token: undefined, headers: { authorization: token } });
    const twice = await raw(test, [`Authorization: Bearer ${token}`, 'Authorization: Bearer x']);
    assert.match(twice, /^HTTP\/1\.1 403 /);
  });

  it('L-06b refuses any Origin, whatever it says, although the token is right', async () => {
    const { token } = test.discovery;
    for (const origin of [
      'http://localhost',
      'https://evil.example',
      'http://127.0.0.1:1234',
      'null',
      'vscode-webview://x',
      '',
    ]) {
      await assertRefused({ token, headers: { origin } });
    }
  });

  it('L-06b refuses any Referer, and the Origin of old WebSocket versions', async () => {
    const { token } = test.discovery;
    await assertRefused({ token, headers: { referer: 'http://localhost/' } });
    await assertRefused({ token, headers: { 'sec-websocket-origin': 'http://localhost' } });
  });

  it('L-06c refuses a foreign Host, also with a port or a dot at its end', async () => {
    const { token } = test.discovery;
    for (const host of [
      'evil.example',
      'localhost.',
      'localhost:80',
      '127.0.0.1',
      '[::1]',
      'localhost.evil.example',
    ]) {
      await assertRefused({ token, headers: { host } });
    }
  });

  it('L-06c refuses no Host and two Hosts', async () => {
    const token = `Authorization: Bearer ${test.discovery.token}`;
    assert.match(await raw(test, [token], []), /^HTTP\/1\.1 40[03] /);
    assert.match(await raw(test, [token], ['Host: localhost', 'Host: evil.example']), /^HTTP\/1\.1 40[03] /);
  });

  it('has no route: every path and method is refused alike and says nothing', async () => {
    const { token } = test.discovery;
    for (const path of ['/', '/health', '/api', '/../daemon.json', '//', '*']) {
      for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE']) {
        const stranger = await knock(test, { path, method });
        assert.deepEqual([stranger.status, stranger.body], [403, '']);
        const friend = await knock(test, { path, method, token });
        assert.deepEqual([friend.status, friend.body], [path === '/' ? 404 : 403, '']);
        assert.ok(!stranger.headers.includes(token) && !friend.headers.includes(token));
      }
    }
  });

  it('upgrades nothing but the one path', async () => {
    const { token } = test.discovery;
    for (const path of ['/health', '/?a', '/ws']) {
      assert.equal((await knock(test, { path, token, headers: upgrade })).status, 403);
    }
  });

  it('answers with headers that no browser can use', async () => {
    const { headers } = await knock(test, {});
    assert.match(headers, /content-security-policy: default-src 'none'/);
    assert.match(headers, /x-content-type-options: nosniff/);
    assert.match(headers, /x-frame-options: DENY/);
    assert.doesNotMatch(headers, /access-control|set-cookie|server:/);
  });

  it('closes a connection that does not finish its request in time', async () => {
    for (const beginning of ['', 'GET / HT']) {
      const socket = connect(test.discovery.socket);
      socket.on('error', () => {});
      socket.resume();
      socket.write(beginning);
      await waitUntil('the door to close the connection', () => socket.closed || socket.destroyed);
    }
  });

  it('L-06d closes a client that sends one byte more than a message may have', async () => {
    const { code } = await sendAndWait(test, socket => socket.send('x'.repeat(1024 * 1024 + 1)));
    assert.equal(code, 1009);
  });

  it('L-06d closes a client that floods fragments', async () => {
    const { code } = await sendAndWait(test, socket => {
      for (let index = 0; index < 40; index++) {
        socket.send('x', { fin: false });
      }
    });
    assert.equal(code, 1008);
  });

  it('L-06d closes a client that floods tiny pieces of one message', async () => {
    const socket = await openRaw(test);
    // A masked text frame that announces 60,000 bytes, then one byte at a time.
    socket.write(Buffer.from([0x81, 0x80 | 126, 60_000 >> 8, 60_000 & 0xff, 0, 0, 0, 0]));
    const closed = new Promise<void>(resolve => socket.once('close', () => resolve()));
    socket.setNoDelay(true);
    let sent = 0;
    while (!socket.destroyed && sent < 60_000) {
      socket.write('x');
      sent++;
      // Let the other side read each byte on its own.
      await new Promise(resolve => setImmediate(resolve));
    }
    await closed;
    assert.ok(sent < 20_000, `it took ${sent} pieces`);
  });

  it('L-06d offers no compression', async () => {
    const answer = await knock(test, {
      token: test.discovery.token,
      headers: { ...upgrade, 'sec-websocket-extensions': 'permessage-deflate' },
    });
    assert.equal(answer.status, 101);
    assert.doesNotMatch(answer.headers, /sec-websocket-extensions/);
  });
});

describe('the number of connections', () => {
  after(cleanFolders);

  it('L-06d is limited', async () => {
    const test = await startTestServer({ limits: { connections: 3 } });
    const clients = await Promise.all([test.connect(), test.connect(), test.connect()]);
    await assert.rejects(test.connect(), { code: 'disconnected' });
    clients[0]?.client.close();
    await waitUntil('a place to be free', () => test.server.clients === 2);
    const fourth = await test.connect();
    assert.equal(fourth.hello.daemon.pid, process.pid);
    await test.stop();
  });
});

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  'sec-websocket-version': '13',
};

function knock(test: TestServer, { path = '/', method = 'GET', headers = {}, token }: Try): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({
      socketPath: test.discovery.socket,
      path,
      method,
      agent: false,
      headers: {
        host: 'localhost',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    const finish = (status: number | undefined, given: object, body: string) => {
      const text = Object.entries(given).map(([name, value]) => `${name}: ${value}`);
      resolve({ status: status ?? 0, body, headers: text.join('\n') });
    };
    sent.on('response', response => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', chunk => {
        body += chunk;
      });
      response.on('end', () => finish(response.statusCode, response.headers, body));
    });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      finish(response.statusCode, response.headers, '');
    });
    sent.on('error', reject);
    sent.end();
  });
}

function raw(test: TestServer, headers: string[], hosts = ['Host: localhost']): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(test.discovery.socket);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', chunk => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
    const lines = Object.entries(upgrade).map(([name, value]) => `${name}: ${value}`);
    socket.write(['GET / HTTP/1.1', ...hosts, ...lines, ...headers, '', ''].join('\r\n'));
  });
}

/** An accepted WebSocket connection as a bare socket. */
function openRaw(test: TestServer): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const sent = request({
      socketPath: test.discovery.socket,
      headers: { host: 'localhost', authorization: `Bearer ${test.discovery.token}`, ...upgrade },
    });
    sent.on('upgrade', (_response, socket) => {
      socket.on('error', () => {});
      socket.resume();
      resolve(socket as Socket);
    });
    sent.on('error', reject);
    sent.end();
  });
}

function sendAndWait(
  test: TestServer,
  send: (socket: WebSocket) => void,
): Promise<{ readonly code: number }> {
  return new Promise(resolve => {
    const socket = new WebSocket('ws://localhost/', {
      createConnection: () => connect(test.discovery.socket),
      headers: { authorization: `Bearer ${test.discovery.token}` },
    });
    socket.on('error', () => {});
    socket.on('open', () => send(socket));
    socket.on('close', code => resolve({ code }));
  });
}
