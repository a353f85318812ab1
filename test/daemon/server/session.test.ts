import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, describe, it } from 'mocha';
import { WebSocket } from 'ws';
import { openConnection } from '../../../daemon/client/connectDaemon.ts';
import { DaemonClient } from '../../../daemon/client/daemonClient.ts';
import { closeCodes } from '../../../daemon/protocol/closeCodes.ts';
import { type ErrorCode, errorNextSteps, SlipwayError } from '../../../daemon/protocol/errors.ts';
import type { Result } from '../../../daemon/protocol/messages.ts';
import { protocolVersion } from '../../../daemon/protocol/version.ts';
import { cleanFolders, waitUntil } from './testFolder.ts';
import { startTestServer, type TestServer } from './testServer.ts';

describe('a session', () => {
  const servers: TestServer[] = [];
  after(async () => {
    await Promise.all(servers.map(test => test.stop()));
    await cleanFolders();
  });

  async function start(options: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> {
    const test = await startTestServer(options);
    servers.push(test);
    return test;
  }

  it('begins with session.hello, and says who the daemon is', async () => {
    const test = await start();
    test.journal.append(3);
    const { hello } = await test.connect();
    assert.equal(hello.protocolVersion, protocolVersion);
    assert.equal(hello.daemon.pid, process.pid);
    assert.equal(hello.person, 'ada');
    assert.equal(hello.head, 3);
  });

  it('refuses every other request before session.hello', async () => {
    const test = await start();
    const client = await openConnection(test.discovery);
    await assert.rejects(client.request('setup.show', {}), { code: 'badRequest' });
    await assert.rejects(client.request('session.subscribe', { since: 0 }), { code: 'badRequest' });
  });

  it('ends when session.hello does not come', async () => {
    const test = await start({ limits: { helloMs: 50 } });
    const client = await openConnection(test.discovery);
    const closed = await new Promise<{ code: number }>(resolve => client.onClosed(resolve));
    assert.equal(closed.code, closeCodes.helloMissing);
  });

  it('L-06g refuses a client of another protocol, and tells both versions', async () => {
    const test = await start({ version: '3.1.4' });
    const client = await openConnection(test.discovery);
    const hello = { protocolVersion: protocolVersion + 1, client: { name: 'test', version: '9.0.0' } };
    await assert.rejects(client.request('session.hello', hello), (error: SlipwayError) => {
      assert.equal(error.code, 'protocolMismatch');
      assert.deepEqual(error.details, {
        daemonVersion: '3.1.4',
        daemonProtocolVersion: String(protocolVersion),
      });
      return true;
    });
    await assert.rejects(client.request('setup.show', {}), { code: 'badRequest' });
  });

  it('L-07b refuses params that do not fit, and names the field', async () => {
    const test = await start();
    const { client } = await test.connect();
    const wrong = { since: 0, limit: 100_000 };
    await assert.rejects(client.request('journal.read', wrong), (error: SlipwayError) => {
      assert.equal(error.code, 'badRequest');
      assert.equal(error.details['field'], 'limit');
      assert.match(error.message, /^journal\.read: limit: /);
      return true;
    });
  });

  it('L-07b turns a result that does not fit into an internal error, and logs it', async () => {
    const wrong = { events: 'none', head: 0 } as unknown as Result<'journal.read'>;
    const test = await start({ handlers: { 'journal.read': async () => wrong } });
    const { client } = await test.connect();
    await assert.rejects(client.request('journal.read', { since: 0, limit: 1 }), { code: 'internal' });
    assert.ok(test.lines.some(line => line.startsWith('error') && line.includes('does not fit its schema')));
  });

  it('L-07b removes from a result what the schema does not name', async () => {
    const more = { text: 'yes', secret: 'hunter2' };
    const test = await start({ handlers: { 'plan.readText': async () => more } });
    const { client } = await test.connect();
    const result = await client.request('plan.readText', { planId: 'p', text: 'newManifest' });
    assert.deepEqual(result, { text: 'yes' });
  });

  it('L-07b does not believe an answer that does not fit at the client', async () => {
    const test = await start();
    const client = await openLyingConnection(test);
    await assert.rejects(client.request('plan.readText', { planId: 'p', text: 'newManifest' }), {
      code: 'protocolMismatch',
    });
  });

  it('L-07e answers an unknown request with an error of the union', async () => {
    const test = await start();
    const { client } = await test.connect();
    for (const name of ['toString', '__proto__', 'promotion.destroy']) {
      await assert.rejects(client.request(name as 'setup.show', {}), (error: SlipwayError) => {
        assert.equal(error.code, 'badRequest');
        assert.equal(error.next, errorNextSteps.badRequest);
        return true;
      });
    }
  });

  it('L-07e carries every code of the union with its next step and details', async () => {
    const codes = Object.keys(errorNextSteps) as ErrorCode[];
    const test = await start({
      handlers: {
        'plan.readText': async ({ planId }) => {
          throw new SlipwayError(planId as ErrorCode, `about ${planId}`, { details: { plan: planId } });
        },
      },
    });
    const { client } = await test.connect();
    for (const code of codes) {
      const failing = client.request('plan.readText', { planId: code, text: 'newManifest' });
      await assert.rejects(failing, (error: SlipwayError) => {
        assert.deepEqual(
          [error.code, error.message, error.next, error.details],
          [code, `about ${code}`, errorNextSteps[code], { plan: code }],
        );
        assert.ok(error.next.length > 10);
        return true;
      });
    }
  });

  it('L-07e says nothing of an unexpected error but where it is in the log', async () => {
    const test = await start({
      handlers: {
        'setup.show': async () => {
          throw new TypeError('password hunter2 is wrong');
        },
      },
    });
    const { client } = await test.connect();
    await assert.rejects(client.request('setup.show', {}), (error: SlipwayError) => {
      assert.equal(error.code, 'internal');
      assert.doesNotMatch(JSON.stringify([error.message, error.details]), /hunter2|TypeError|\.ts/);
      const reference = error.details['reference'] ?? 'missing';
      assert.ok(test.lines.some(line => line.includes(reference) && line.includes('session.test.ts')));
      return true;
    });
  });

  it('L-07c cancels the handler through its signal', async () => {
    const aborted = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const test = await start({
      handlers: {
        'setup.show': (_params, { signal }) =>
          new Promise((_resolve, reject) => {
            begun.resolve();
            signal.addEventListener('abort', () => {
              aborted.resolve();
              reject(signal.reason);
            });
          }),
      },
    });
    const { client } = await test.connect();
    const controller = new AbortController();
    const answer = client.request('setup.show', {}, { signal: controller.signal });
    await begun.promise;
    controller.abort();
    await assert.rejects(answer, { code: 'cancelled' });
    await aborted.promise;
  });

  it('L-07c a time limit at the client cancels the handler too', async () => {
    const aborted = Promise.withResolvers<void>();
    const test = await start({ handlers: { 'setup.show': hang(aborted.resolve) } });
    const { client } = await test.connect();
    await assert.rejects(client.request('setup.show', {}, { timeoutMs: 30 }), { code: 'timedOut' });
    await aborted.promise;
  });

  it('L-07c the answer of a handler that had finished anyway is the truth', async () => {
    const begun = Promise.withResolvers<void>();
    const test = await start({
      handlers: {
        'plan.readText': (_params, { signal }) =>
          new Promise(resolve => {
            begun.resolve();
            signal.addEventListener('abort', () => resolve({ text: 'already done' }));
          }),
      },
    });
    const { client } = await test.connect();
    const controller = new AbortController();
    const answer = client.request(
      'plan.readText',
      { planId: 'p', text: 'newManifest' },
      { signal: controller.signal },
    );
    await begun.promise;
    controller.abort();
    assert.deepEqual(await answer, { text: 'already done' });
  });

  it('L-07c a client that goes away cancels what it had asked for', async () => {
    const aborted = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const test = await start({ handlers: { 'setup.show': hang(aborted.resolve, begun.resolve) } });
    const { client } = await test.connect();
    const answer = client.request('setup.show', {});
    await begun.promise;
    client.close();
    await assert.rejects(answer, { code: 'disconnected' });
    await aborted.promise;
  });

  it('runs no more requests of one session at once than its limit, and answers all', async () => {
    let running = 0;
    let begun = 0;
    let most = 0;
    let together = Promise.withResolvers<void>();
    const test = await start({
      limits: { parallelRequests: 4 },
      handlers: {
        'plan.readText': async ({ planId }) => {
          most = Math.max(most, ++running);
          // Each waits until four run, or none is to come any more.
          if (++begun % 4 === 0) {
            together.resolve();
            together = Promise.withResolvers();
          } else {
            await together.promise;
          }
          running--;
          return { text: planId };
        },
      },
    });
    const { client } = await test.connect();
    const ids = Array.from({ length: 40 }, (_, index) => String(index));
    const answers = await Promise.all(
      ids.map(planId => client.request('plan.readText', { planId, text: 'newManifest' })),
    );
    assert.deepEqual(
      answers.map(answer => answer.text),
      ids,
    );
    assert.equal(most, 4);
  });

  it('ends when more requests wait than its limit', async () => {
    const test = await start({ limits: { pendingRequests: 10 }, handlers: { 'setup.show': hang() } });
    const { client } = await test.connect();
    const closed = new Promise<{ code: number }>(resolve => client.onClosed(resolve));
    const answers = Array.from({ length: 11 }, () => client.request('setup.show', {}));
    assert.equal((await closed).code, closeCodes.tooManyRequests);
    for (const answer of answers) {
      await assert.rejects(answer, { code: 'disconnected' });
    }
  });

  it('ends for what is no request: no JSON, binary, a list, an answer, a hostile id', async () => {
    const test = await start();
    const bad = [
      'hello',
      Buffer.from('{}'),
      '[]',
      'null',
      '{"jsonrpc":"2.0","id":1,"result":{}}',
      '{"jsonrpc":"2.0","id":{"toString":1},"method":"session.hello","params":{}}',
      '{"jsonrpc":"2.0","method":"$/cancelRequest"}',
      '{"jsonrpc":"2.0","method":"$/setTrace","params":{"value":"verbose"}}',
    ];
    for (const message of bad) {
      const socket = openSocket(test);
      const code = await new Promise<number>(resolve => {
        socket.on('open', () => socket.send(message));
        socket.on('close', resolve);
      });
      assert.equal(code, closeCodes.unreadable, String(message));
    }
    assert.equal((await test.connect()).hello.daemon.pid, process.pid);
  });

  it('L-06d a slow reader is disconnected when its queue passes the limit, and holds no more than that', async () => {
    const queueBytes = 1024 * 1024;
    const test = await start({
      limits: { queueBytes, closeMs: 100 },
      handlers: { 'plan.readText': async () => ({ text: 'x'.repeat(64 * 1024) }) },
    });
    const socket = openSocket(test);
    await new Promise<void>(resolve => socket.on('open', () => resolve()));
    socket.send(
      buildRequest(0, 'session.hello', { protocolVersion, client: { name: 't', version: '1.0.0' } }),
    );
    await new Promise<void>(resolve => socket.once('message', () => resolve()));
    socket.pause();
    let id = 0;
    const before = process.memoryUsage().arrayBuffers;
    await waitUntil('the server to let go of the slow reader', () => {
      if (socket.readyState === socket.OPEN) {
        socket.send(buildRequest(++id, 'plan.readText', { planId: 'p', text: 'newManifest' }));
      }
      return test.server.clients === 0;
    });
    assert.ok(test.lines.some(line => line.includes('"reason":"tooSlow"')));
    // What the kernel takes comes on top of the queue: far less than another queue.
    assert.ok(id * 64 * 1024 < 4 * queueBytes, `${id} answers were asked for`);
    assert.ok(process.memoryUsage().arrayBuffers - before < 8 * queueBytes);
    socket.terminate();
  });

  it('ends when pings are not answered', async () => {
    const test = await start({ limits: { heartbeatMs: 20, closeMs: 20 } });
    const socket = openSocket(test, { autoPong: false });
    await new Promise<void>(resolve => socket.on('open', () => resolve()));
    await waitUntil('the silent client to be let go', () => test.server.clients === 0);
    assert.ok(test.lines.some(line => line.includes('"reason":"silent"')));
  });

  it('goes on while pings are answered', async () => {
    const test = await start({ limits: { heartbeatMs: 50 } });
    const { client } = await test.connect();
    let pings = 0;
    const socket = openSocket(test);
    socket.on('ping', () => pings++);
    await waitUntil('ten pings', () => pings >= 10);
    assert.equal((await client.request('journal.read', { since: 0, limit: 1 })).head, 0);
  });

  it('a request whose daemon dies rejects', async () => {
    const test = await start({ handlers: { 'setup.show': hang() } });
    const { client } = await test.connect();
    const answer = client.request('setup.show', {});
    const rejected = assert.rejects(answer, { code: 'disconnected' });
    await test.server.stop('stopping', 'over');
    await rejected;
    await assert.rejects(client.request('setup.show', {}), { code: 'disconnected' });
  });

  it('refuses to send more than a message may have instead of losing the connection', async () => {
    const test = await start();
    const { client } = await test.connect();
    const text = 'é'.repeat(600_000);
    await assert.rejects(client.request('procedure.check', { text }), { code: 'invalidArgument' });
    assert.equal((await client.request('journal.read', { since: 0, limit: 1 })).head, 0);
  });
});

describe('the broadcast', () => {
  after(cleanFolders);

  it('reaches the sessions that opened the repository, and no other', async () => {
    const test = await startTestServer({
      handlers: {
        'repository.close': async ({ repositoryId }, { session }) => {
          session.openedRepositories.add(repositoryId);
          return {};
        },
      },
    });
    const [one, two] = [await test.connect(), await test.connect()];
    const seen: string[] = [];
    one.client.onNotification('output.appended', ({ text }) => seen.push(`one ${text}`));
    two.client.onNotification('output.appended', ({ text }) => seen.push(`two ${text}`));
    await one.client.request('repository.close', { repositoryId: 'kosmos' });
    test.server.broadcast.toRepository('kosmos', {
      key: 'a',
      name: 'output.appended',
      params: buildOutput('hello'),
    });
    test.server.broadcast.toAll({ key: 'b', name: 'output.appended', params: buildOutput('all') });
    await waitUntil('three notifications', () => seen.length === 3);
    assert.deepEqual(seen.sort(), ['one all', 'one hello', 'two all']);
    await test.stop();
  });

  it('sends only the newest snapshot of a key to a slow client', async () => {
    const test = await startTestServer();
    const { client } = await test.connect();
    const seen: string[] = [];
    client.onNotification('output.appended', ({ text }) => seen.push(text.slice(0, 6)));
    const filler = 'x'.repeat(200_000);
    for (let index = 0; index < 500; index++) {
      const params = buildOutput(`${String(index).padStart(6, '0')}${filler}`);
      test.server.broadcast.toAll({ key: 'same', name: 'output.appended', params });
    }
    await waitUntil('the newest', () => seen.at(-1) === '000499');
    assert.ok(seen.length < 50, `${seen.length} snapshots were sent`);
    assert.deepEqual(seen, [...seen].sort());
    await test.stop();
  });

  it('does not send what does not fit, and logs it', async () => {
    const test = await startTestServer();
    const { client } = await test.connect();
    const seen: string[] = [];
    client.onNotification('output.appended', ({ text }) => seen.push(text));
    const wrong = { ...buildOutput('wrong'), offset: 'no number' as unknown as number };
    test.server.broadcast.toAll({ key: 'a', name: 'output.appended', params: wrong });
    test.server.broadcast.toAll({ key: 'a', name: 'output.appended', params: buildOutput('right') });
    await waitUntil('the right one', () => seen.length > 0);
    assert.deepEqual(seen, ['right']);
    assert.ok(test.lines.some(line => line.includes('does not fit its schema')));
    await test.stop();
  });
});

function hang(onAbort: () => void = () => {}, onBegun: () => void = () => {}) {
  return (_params: object, { signal }: { readonly signal: AbortSignal }) =>
    new Promise<never>((_resolve, reject) => {
      onBegun();
      signal.addEventListener('abort', () => {
        onAbort();
        reject(signal.reason);
      });
    });
}

function buildOutput(text: string) {
  return { promotionId: 'p', stepId: 's', offset: 0, text, nextOffset: 1, ended: false };
}

function buildRequest(id: number, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

function openSocket(test: TestServer, options: { readonly autoPong?: boolean } = {}): WebSocket {
  const socket = new WebSocket('ws://localhost/', {
    createConnection: () => connect(test.discovery.socket),
    headers: { authorization: `Bearer ${test.discovery.token}` },
    ...options,
  });
  socket.on('error', () => {});
  return socket;
}

/** A client whose daemon answers everything with the same nonsense. */
async function openLyingConnection(test: TestServer): Promise<DaemonClient> {
  const socket = openSocket(test);
  await new Promise<void>(resolve => socket.on('open', () => resolve()));
  const client = new DaemonClient(socket);
  socket.send = (text: string) => {
    const { id } = JSON.parse(text) as { id: number };
    setImmediate(() => {
      socket.emit('message', Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: { text: 7 } })), false);
    });
  };
  return client;
}
