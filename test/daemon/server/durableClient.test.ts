import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { after, describe, it } from 'mocha';
import { WebSocket } from 'ws';
import { connectDaemon, type GreetedClient } from '../../../daemon/client/connectDaemon.ts';
import { DurableClient, type DurableEvent } from '../../../daemon/client/durableClient.ts';
import { findDaemon } from '../../../daemon/client/findDaemon.ts';
import type { Handlers } from '../../../daemon/handlers/requestContext.ts';
import type { RepositoryView } from '../../../daemon/protocol/repository.ts';
import { protocolVersion } from '../../../daemon/protocol/version.ts';
import { startCuttingProxy } from './cuttingProxy.ts';
import { buildTestFolder, cleanFolders, waitUntil } from './testFolder.ts';
import { buildTestJournal, startTestServer } from './testServer.ts';

const identity = { name: 'test', version: '1.0.0' };

describe('a client that was away', () => {
  after(cleanFolders);

  it('L-07d gets every event exactly once and in order, wherever its connections are cut', async function () {
    this.timeout(60_000);
    const cut = fc.integer({ min: 1, max: 20_000 });
    const scenario = fc.record({
      cuts: fc.array(cut, { maxLength: 12 }),
      appends: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
      before: fc.integer({ min: 0, max: 50 }),
      since: fc.integer({ min: 0, max: 50 }),
    });
    let cuts = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async ({ cuts: bytes, appends, before, since }) => {
        const test = await startTestServer();
        test.journal.append(before, 'before');
        const path = join(test.stateFolder, 'proxy.sock');
        const proxy = await startCuttingProxy({ path, target: test.discovery.socket, bytes });
        const { durable, seen } = follow(
          () => connectDaemon({ ...test.discovery, socket: path }, identity),
          Math.min(since, before),
        );
        for (const count of appends) {
          test.journal.append(count, 'x'.repeat(count * 20));
          await new Promise(resolve => setImmediate(resolve));
        }
        const head = test.journal.head().sequence;
        await waitUntil('the last event', () => seen.at(-1) === head || seen.length > head);
        const expected = Array.from(
          { length: head - Math.min(since, before) },
          (_, index) => Math.min(since, before) + index + 1,
        );
        assert.deepEqual(seen, expected);
        durable.dispose();
        cuts += proxy.cuts();
        await proxy.close();
        await test.stop();
      }),
      { numRuns: 25 },
    );
    assert.ok(cuts > 10, `only ${cuts} connections were cut`);
  });

  it('L-07d goes on where it was when another daemon has the journal', async () => {
    const journal = buildTestJournal();
    const stateFolder = buildTestFolder();
    let test = await startTestServer({ stateFolder, journal });
    const { durable, seen } = follow(() => reconnect(stateFolder), 0);
    for (let round = 1; round <= 4; round++) {
      journal.append(25);
      await waitUntil('the events of this round', () => seen.at(-1) === round * 50 - 25);
      await test.stop();
      journal.append(25);
      test = await startTestServer({ stateFolder, journal });
      await waitUntil('the events of the time between', () => seen.at(-1) === round * 50);
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 200 }, (_, index) => index + 1),
    );
    durable.dispose();
    await test.stop();
  });

  it('L-07d is told when the journal is another one, and gets that from its beginning', async () => {
    const stateFolder = buildTestFolder();
    let test = await startTestServer({ stateFolder });
    test.journal.append(10);
    const { durable, seen, resets } = follow(() => reconnect(stateFolder), 0);
    await waitUntil('ten events', () => seen.length === 10);
    await test.stop();
    test = await startTestServer({ stateFolder });
    test.journal.append(3);
    await waitUntil('the new journal', () => seen.length === 13);
    assert.deepEqual(seen.slice(10), [1, 2, 3]);
    assert.equal(resets(), 1);
    durable.dispose();
    await test.stop();
  });

  it('L-07d that wants only what comes from now on gets no old event', async () => {
    const test = await startTestServer();
    test.journal.append(10);
    const { durable, seen } = follow(() => test.connect(), 'head');
    await durable.request('journal.read', { since: 0, limit: 1 });
    test.journal.append(2);
    await waitUntil('two events', () => seen.length === 2);
    assert.deepEqual(seen, [11, 12]);
    durable.dispose();
    await test.stop();
  });

  it('L-07d gets no event twice even from a daemon that tells everything again', async () => {
    const journal = buildTestJournal();
    journal.append(5);
    const stateFolder = buildTestFolder();
    const handlers: Partial<Handlers> = {
      'session.subscribe': async (_params, { session }) => {
        session.followJournal(0);
        return { head: journal.head().sequence };
      },
    };
    let test = await startTestServer({ stateFolder, journal, handlers });
    const { durable, seen } = follow(() => reconnect(stateFolder), 2);
    await waitUntil('the events', () => seen.at(-1) === 5);
    await test.stop();
    test = await startTestServer({ stateFolder, journal, handlers });
    journal.append(1);
    await waitUntil('the next event', () => seen.at(-1) === 6);
    assert.deepEqual(seen, [3, 4, 5, 6]);
    durable.dispose();
    await test.stop();
  });

  it('L-07d a second subscription in one session is refused, and one past the end too', async () => {
    const test = await startTestServer();
    const { client } = await test.connect();
    await assert.rejects(client.request('session.subscribe', { since: 5 }), { code: 'invalidArgument' });
    await client.request('session.subscribe', { since: 0 });
    await assert.rejects(client.request('session.subscribe', { since: 0 }), { code: 'badRequest' });
    await test.stop();
  });

  it('L-06d may read slowly: the daemon waits with it, keeps no backlog in memory and loses nothing', async function () {
    this.timeout(60_000);
    const journal = buildTestJournal();
    let furthest = 0;
    const read: typeof journal.read = options => {
      furthest = Math.max(furthest, options.since);
      return journal.read(options);
    };
    const test = await startTestServer({ journal: { ...journal, read } });
    const socket = new WebSocket('ws://localhost/', {
      createConnection: () => connect(test.discovery.socket),
      headers: { authorization: `Bearer ${test.discovery.token}` },
    });
    await new Promise<void>(resolve => socket.on('open', () => resolve()));
    const seen: number[] = [];
    socket.on('message', data => {
      const { method, params } = JSON.parse(String(data));
      if (method === 'journal.appended') {
        seen.push(...params.events.map((event: { sequence: number }) => event.sequence));
      }
    });
    socket.send(buildRequest('session.hello', { protocolVersion, client: identity }));
    socket.send(buildRequest('session.subscribe', { since: 0 }));
    journal.append(1);
    await waitUntil('the first event', () => seen.length === 1);
    socket.pause();
    journal.append(3_000, 'x'.repeat(20_000));
    await waitUntilStill(() => furthest);
    assert.ok(furthest < 300, `the daemon read on to event ${furthest}`);
    assert.equal(test.server.clients, 1);
    socket.resume();
    await waitUntil('every event', () => seen.length === 3_001, 30_000);
    assert.deepEqual(
      seen,
      Array.from({ length: 3_001 }, (_, index) => index + 1),
    );
    socket.terminate();
    await test.stop();
  });

  it('catches up with 100,000 events quickly', async function () {
    this.timeout(60_000);
    const test = await startTestServer();
    test.journal.append(100_000, 'a step was completed');
    const begun = performance.now();
    const { durable, seen } = follow(() => test.connect(), 0);
    await waitUntil('100,000 events', () => seen.length === 100_000, 30_000);
    console.log(`      100,000 missed events: ${Math.round(performance.now() - begun)} ms`);
    assert.equal(seen.at(-1), 100_000);
    durable.dispose();
    await test.stop();
  });
});

describe('a durable client', () => {
  after(cleanFolders);

  it('opens its repositories again after a reconnect and hands on their new state', async () => {
    const stateFolder = buildTestFolder();
    const opened: string[] = [];
    const handlers = {
      'repository.open': async ({ folder }: { folder: string }) => {
        opened.push(folder);
        return buildRepository(folder, `opened ${opened.length} times`);
      },
      'repository.close': async () => ({}),
    };
    let test = await startTestServer({ stateFolder, handlers });
    const { durable } = follow(() => reconnect(stateFolder), 0);
    const names: string[] = [];
    durable.onReopened(view => names.push(view.name));
    await durable.openRepository('/kosmos');
    await durable.openRepository('/other');
    await durable.closeRepository('id of /other');
    await test.stop();
    test = await startTestServer({ stateFolder, handlers });
    await waitUntil('the repository to be opened again', () => names.length === 1);
    assert.deepEqual(opened, ['/kosmos', '/other', '/kosmos']);
    assert.deepEqual(names, ['opened 3 times']);
    durable.dispose();
    await test.stop();
  });

  it('hears notifications over all its connections', async () => {
    const stateFolder = buildTestFolder();
    let test = await startTestServer({ stateFolder });
    const { durable } = follow(() => reconnect(stateFolder), 0);
    const texts: string[] = [];
    const stop = durable.onNotification('output.appended', ({ text }) => texts.push(text));
    for (const text of ['first', 'second']) {
      await durable.request('journal.read', { since: 0, limit: 1 });
      const params = { promotionId: 'p', stepId: 's', offset: 0, text, nextOffset: 1, ended: false };
      test.server.broadcast.toAll({ key: 'k', name: 'output.appended', params });
      await waitUntil(text, () => texts.includes(text));
      await test.stop();
      test = await startTestServer({ stateFolder });
    }
    assert.deepEqual(texts, ['first', 'second']);
    stop();
    durable.dispose();
    await test.stop();
  });

  it('hears a notification once when one listener has made way for another', async () => {
    const stateFolder = buildTestFolder();
    const test = await startTestServer({ stateFolder });
    const { durable } = follow(() => reconnect(stateFolder), 0);
    await durable.request('journal.read', { since: 0, limit: 1 });
    const texts: string[] = [];
    const listen = () => durable.onNotification('output.appended', ({ text }) => texts.push(text));
    listen()();
    listen();
    for (const text of ['first', 'second']) {
      const params = { promotionId: 'p', stepId: 's', offset: 0, text, nextOffset: 1, ended: false };
      test.server.broadcast.toAll({ key: text, name: 'output.appended', params });
    }
    await waitUntil('both notifications', () => texts.includes('second'));
    assert.deepEqual(texts, ['first', 'second']);
    durable.dispose();
    await test.stop();
  });

  it('waits with a request until there is a connection, and no longer than the request may take', async () => {
    const stateFolder = buildTestFolder();
    const { durable } = follow(() => reconnect(stateFolder), 0);
    await assert.rejects(durable.request('setup.show', {}, { timeoutMs: 40 }), { code: 'timedOut' });
    const answer = durable.request('journal.read', { since: 0, limit: 1 });
    const test = await startTestServer({ stateFolder });
    assert.equal((await answer).head, 0);
    durable.dispose();
    await assert.rejects(durable.request('setup.show', {}), { code: 'disconnected' });
    await test.stop();
  });

  it('does not send a request twice that was on its way when the connection ended', async () => {
    const stateFolder = buildTestFolder();
    let asked = 0;
    const handlers = {
      'promotion.start': () => {
        asked++;
        return new Promise<never>(() => {});
      },
    };
    let test = await startTestServer({ stateFolder, handlers });
    const { durable } = follow(() => reconnect(stateFolder), 0);
    const answer = durable.request('promotion.start', { planId: 'p', planDigest: 'd', confirmation: 'c' });
    await waitUntil('the request to arrive', () => asked === 1);
    const rejected = assert.rejects(answer, { code: 'disconnected' });
    await test.stop();
    await rejected;
    test = await startTestServer({ stateFolder, handlers });
    await durable.request('journal.read', { since: 0, limit: 1 });
    assert.equal(asked, 1);
    durable.dispose();
    await test.stop();
  });

  it('waits longer after each failed attempt, up to its limit, and at once when it is told to', async () => {
    const waits: number[] = [];
    const durable = new DurableClient({
      connect: async () => {
        throw new Error('no');
      },
      onEvent: event => {
        if (event.type === 'attemptFailed') {
          waits.push(event.retryInMs);
        }
      },
      onProblem: () => {},
      backoff: { firstMs: 1, longestMs: 8 },
    });
    durable.start();
    await waitUntil('seven attempts', () => waits.length >= 7);
    durable.dispose();
    assert.deepEqual(waits.slice(0, 6), [1, 2, 4, 8, 8, 8]);
  });
});

function follow(greet: () => Promise<GreetedClient>, since: number | 'head') {
  const seen: number[] = [];
  const events: DurableEvent[] = [];
  let resets = 0;
  const durable = new DurableClient({
    connect: greet,
    onEvent: event => events.push(event),
    onProblem: () => {},
    backoff: { firstMs: 1, longestMs: 20 },
  });
  durable.followJournal({
    since,
    onEvent: ({ sequence }) => seen.push(sequence),
    onReset: () => resets++,
  });
  durable.start();
  return { durable, seen, events, resets: () => resets };
}

async function reconnect(stateFolder: string): Promise<GreetedClient> {
  const lookup = findDaemon(stateFolder);
  if (lookup.state === 'absent') {
    throw new Error(lookup.reason);
  }
  return connectDaemon(lookup.discovery, identity);
}

/** Waits until a value has stayed the same for 200 ms. */
async function waitUntilStill(read: () => number): Promise<void> {
  let last = read();
  let since = performance.now();
  await waitUntil('it to be still', () => {
    if (read() !== last) {
      last = read();
      since = performance.now();
    }
    return performance.now() - since > 200;
  });
}

let requestId = 0;

function buildRequest(method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id: ++requestId, method, params });
}

function buildRepository(folder: string, name: string): RepositoryView {
  return {
    id: `id of ${folder}`,
    folder,
    name,
    procedure: 'missing',
    diagnostics: [],
    policy: { from: 'main', workingTreeDiffers: false },
    trust: { state: 'untrusted', commandsDigest: '', commands: [], added: [], removed: [] },
    head: { detached: false, dirty: false },
    notices: [],
    environments: [],
    releases: [],
    releaseCount: 0,
    promotions: [],
  };
}
