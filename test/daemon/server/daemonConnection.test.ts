import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { connectDaemon, retireDaemon } from '../../../daemon/client/connectDaemon.ts';
import { findDaemon } from '../../../daemon/client/findDaemon.ts';
import { reachDaemon } from '../../../daemon/client/reachDaemon.ts';
import { startDaemon } from '../../../daemon/client/startDaemon.ts';
import { buildStatePaths, type Discovery } from '../../../daemon/protocol/discovery.ts';
import type { ConnectionState } from '../../../extension/connection/connectionState.ts';
import { DaemonConnection } from '../../../extension/connection/daemonConnection.ts';
import { spawnDaemon } from '../../../extension/connection/spawnDaemon.ts';
import { buildTestFolder, cleanFolders, isAlive, waitUntil } from './testFolder.ts';
import { buildTestConnection, buildTestEnv, buildTestProgram, startTestDaemon } from './testProgram.ts';
import { startTestServer } from './testServer.ts';

describe('a window and its daemon', () => {
  const open: DaemonConnection[] = [];
  before(async function () {
    this.timeout(60_000);
    await Promise.all([buildTestProgram('1.0.0'), buildTestProgram('1.1.0')]);
  });
  afterEach(() => {
    for (const connection of open.splice(0)) {
      connection.dispose();
    }
  });
  after(cleanFolders);

  async function connect(stateFolder: string, version?: string): Promise<DaemonConnection> {
    const connection = await buildTestConnection(stateFolder, version === undefined ? {} : { version });
    open.push(connection);
    connection.start();
    return connection;
  }

  it('L-06h ten starts at once end with one daemon that all ten talk to', async function () {
    this.timeout(60_000);
    const stateFolder = buildTestFolder();
    const program = await buildTestProgram();
    const env = buildTestEnv(stateFolder);
    const ends: string[] = [];
    let spawned = 0;
    mkdirSync(stateFolder, { mode: 0o700 });
    const greeted = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        reachDaemon({
          stateFolder,
          identity: { name: `window ${index}`, version: '1.0.0' },
          start: () =>
            startDaemon({
              stateFolder,
              program,
              env,
              spawn: request => {
                const daemon = spawnDaemon(request);
                spawned++;
                void daemon.ended.then(how => ends.push(how));
                return daemon;
              },
            }),
        }),
      ),
    );
    const pids = new Set(greeted.map(({ hello }) => hello.daemon.pid));
    assert.equal(pids.size, 1);
    assert.ok(spawned >= 10);
    // All but the winner end, and well.
    await waitUntil('the losers to end', () => ends.length === spawned - 1);
    assert.deepEqual(new Set(ends), new Set(['exit code 0']));
    for (const { client } of greeted) {
      assert.equal((await client.request('journal.read', { since: 0, limit: 1 })).head, 0);
      client.close();
    }
  });

  it('L-06i two windows share one daemon, and closing one does not touch the other', async () => {
    const stateFolder = buildTestFolder();
    const [one, two] = [await connect(stateFolder), await connect(stateFolder)];
    await Promise.all([connected(one), connected(two)]);
    assert.equal(pidOf(one), pidOf(two));
    one.dispose();
    assert.equal(one.state.kind, 'disconnected');
    assert.equal((await two.request('journal.read', { since: 0, limit: 1 })).head, 0);
    assert.equal(two.state.kind, 'connected');
  });

  it('starts the daemon again when it dies, and says so in between', async () => {
    const stateFolder = buildTestFolder();
    const connection = await connect(stateFolder);
    const kinds: string[] = [];
    connection.onStateChanged(({ kind }) => kinds.push(kind));
    await connected(connection);
    const first = pidOf(connection);
    process.kill(first, 'SIGKILL');
    await waitUntil(
      'a new daemon',
      () => connection.state.kind === 'connected' && pidOf(connection) !== first,
    );
    assert.deepEqual(kinds, ['connected', 'reconnecting', 'connected']);
    assert.equal((await connection.request('journal.read', { since: 0, limit: 1 })).head, 0);
  });

  it('restarts the daemon when it is asked to', async () => {
    const connection = await connect(buildTestFolder());
    await connected(connection);
    const first = pidOf(connection);
    await connection.restart();
    await waitUntil(
      'a new daemon',
      () => connection.state.kind === 'connected' && pidOf(connection) !== first,
    );
    assert.ok(!isAlive(first));
  });

  it('L-06g a newer window replaces an older daemon, and the older window goes on with the newer one', async () => {
    const stateFolder = buildTestFolder();
    const older = await connect(stateFolder, '1.0.0');
    await connected(older);
    const first = pidOf(older);
    const newer = await connect(stateFolder, '1.1.0');
    await connected(newer);
    await waitUntil('the older window', () => older.state.kind === 'connected' && pidOf(older) !== first);
    assert.equal(versionOf(newer), '1.1.0');
    assert.equal(versionOf(older), '1.1.0');
    assert.equal(pidOf(older), pidOf(newer));
    assert.ok(!isAlive(first));
  });

  it('L-06g an older window uses a newer daemon and does not replace it', async () => {
    const stateFolder = buildTestFolder();
    const newer = await startTestDaemon(stateFolder, { version: '1.1.0' });
    const older = await connect(stateFolder, '1.0.0');
    await connected(older);
    assert.equal(pidOf(older), newer.pid);
    assert.deepEqual(await retireDaemon(newer, '1.0.9'), {
      retiring: false,
      reason: 'This daemon is 1.1.0; an older one (1.0.9) does not take its place.',
    });
    assert.equal(versionOf(older), '1.1.0');
  });

  it('L-06g an older daemon in which a promotion runs is used as it is, and makes way when that has ended', async () => {
    let running = ['kosmos v2.1.0 to production'];
    const retired = Promise.withResolvers<void>();
    const test = await startTestServer({
      version: '1.0.0',
      running: () => running,
      onRetire: () => setImmediate(() => test.server.stop('retiring', 'bye').then(retired.resolve)),
    });
    const logged: string[] = [];
    const connection = new DaemonConnection({
      ...(await connectionOptions(test.stateFolder, '1.1.0')),
      log: sentence => logged.push(sentence),
      replaceMs: 20,
    });
    open.push(connection);
    connection.start();
    await connected(connection);
    const { state } = connection;
    assert.ok(state.kind === 'connected');
    assert.match(state.notice ?? '', /A promotion is running: kosmos v2\.1\.0 to production/);
    assert.equal(pidOf(connection), process.pid);
    await assert.rejects(connection.restart(), { code: 'locked' });
    running = [];
    await retired.promise;
    await waitUntil(
      'the newer daemon',
      () => connection.state.kind === 'connected' && versionOf(connection) === '1.1.0',
    );
  });

  it('L-06g a request to start a promotion that is being answered counts as a running one', async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const test = await startTestServer({
      version: '1.0.0',
      running: () => Array.from({ length: test.server.inFlight('promotion.start') }, () => 'about to start'),
      handlers: {
        'promotion.start': async () => {
          begun.resolve();
          await finish.promise;
          return { promotionId: 'p' };
        },
      },
    });
    const { client } = await test.connect();
    const start = client.request('promotion.start', { planId: 'p', planDigest: 'd', confirmation: 'c' });
    await begun.promise;
    assert.equal((await retireDaemon(test.discovery, '2.0.0')).retiring, false);
    finish.resolve();
    assert.deepEqual(await start, { promotionId: 'p' });
    assert.equal((await client.request('session.retire', { version: '2.0.0' })).retiring, true);
    await test.stop();
  });

  it('runs the daemon from a copy, so that the extension may be updated while it runs', async () => {
    const stateFolder = buildTestFolder();
    const extension = buildTestFolder();
    mkdirSync(extension);
    const source = join(extension, 'daemon.cjs');
    copyFileSync(await buildTestProgram(), source);
    const connection = new DaemonConnection({
      ...(await connectionOptions(stateFolder, '1.0.0')),
      programSource: source,
    });
    open.push(connection);
    connection.start();
    await connected(connection);
    rmSync(extension, { recursive: true });
    const lookup = findDaemon(stateFolder);
    assert.ok(lookup.state === 'found');
    const { program } = lookup.discovery;
    assert.match(program, /\/program\/1\.0\.0-[0-9a-f]{12}\/daemon\.cjs$/);
    assert.equal(readFileSync(program).length, readFileSync(await buildTestProgram()).length);
    assert.equal((await connection.request('journal.read', { since: 0, limit: 1 })).head, 0);
    assert.deepEqual(
      readdirSync(dirname(program)).filter(name => name.endsWith('.tmp')),
      [],
    );
  });

  it('says why the daemon does not start, and what to do', async () => {
    const stateFolder = buildTestFolder();
    const connection = new DaemonConnection({
      ...(await connectionOptions(stateFolder, '1.0.0')),
      programSource: buildProgram('process.stderr.write("no such module"); process.exit(7)'),
    });
    open.push(connection);
    connection.start();
    await waitUntil('the failure', () => connection.state.kind === 'failed');
    const { state } = connection;
    assert.ok(state.kind === 'failed');
    assert.match(state.reason, /The daemon did not start: exit code 7/);
    assert.match(state.next, /Show Log/);
    assert.match(readFileSync(buildStatePaths(stateFolder).startLog, 'utf8'), /no such module/);
    await assert.rejects(connection.request('setup.show', {}, { timeoutMs: 50 }), { code: 'timedOut' });
  });

  it('hands on what the daemon itself says against starting', async () => {
    const stateFolder = buildTestFolder();
    mkdirSync(buildStatePaths(stateFolder).log, { recursive: true, mode: 0o700 });
    await assert.rejects(startTestDaemon(stateFolder), (error: Error & { code: string }) => {
      assert.equal(error.code, 'daemonNotStarted');
      assert.match(error.message, /daemon\.log/);
      return true;
    });
  });

  it('does not wait for ever for a program that says nothing, or nonsense', async () => {
    const stateFolder = buildTestFolder();
    mkdirSync(stateFolder, { mode: 0o700 });
    const start = (text: string, timeoutMs = 10_000) =>
      startDaemon({
        stateFolder,
        program: buildProgram(text),
        env: buildTestEnv(stateFolder),
        spawn: spawnDaemon,
        timeoutMs,
      });
    await assert.rejects(start('setTimeout(() => {}, 3_000)', 500), /no ready line in time/);
    await assert.rejects(start('console.log("hello")'), /something else than its ready line/);
    await assert.rejects(start('console.log("{\\"ready\\":true}")'), /something else than its ready line/);
  });

  it('says so when a daemon is there that does not answer, and does not start another', async function () {
    this.timeout(30_000);
    const stateFolder = buildTestFolder();
    const discovery = await startTestDaemon(stateFolder);
    process.kill(discovery.pid, 'SIGSTOP');
    const connection = await connect(stateFolder);
    await waitUntil('the failure', () => connection.state.kind === 'failed');
    const { state } = connection;
    assert.ok(state.kind === 'failed');
    assert.equal(state.reason, `The daemon (process ${discovery.pid}) does not answer.`);
    process.kill(discovery.pid, 'SIGCONT');
    await waitUntil('the daemon to be there again', () => connection.state.kind === 'connected');
    assert.equal(pidOf(connection), discovery.pid);
  });

  it('an incompatible daemon is said, and not replaced by an older window', async () => {
    const stateFolder = buildTestFolder();
    const discovery = await startTestDaemon(stateFolder, { version: '1.1.0' });
    const newer: Discovery = { ...discovery, protocolVersion: discovery.protocolVersion + 1 };
    writeFileSync(buildStatePaths(stateFolder).discovery, JSON.stringify(newer));
    const connection = await connect(stateFolder, '1.0.0');
    await waitUntil('the incompatibility', () => connection.state.kind === 'incompatible');
    assert.match(
      (connection.state as Extract<ConnectionState, { kind: 'incompatible' }>).next,
      /Reload the window/,
    );
    assert.ok(isAlive(discovery.pid));
    writeFileSync(buildStatePaths(stateFolder).discovery, JSON.stringify(discovery));
    await waitUntil('the connection', () => connection.state.kind === 'connected');
    (await connectDaemon(discovery, { name: 'test', version: '1.0.0' })).client.close();
  });

  function buildProgram(text: string): string {
    const folder = buildTestFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, 'daemon.cjs'), text);
    return join(folder, 'daemon.cjs');
  }
});

async function connectionOptions(stateFolder: string, version: string) {
  return {
    stateFolder,
    identity: { name: 'test', version },
    programSource: await buildTestProgram(version),
    env: buildTestEnv(stateFolder),
    spawn: spawnDaemon,
    log: () => {},
    backoff: { firstMs: 20, longestMs: 200 },
  };
}

async function connected(connection: DaemonConnection): Promise<void> {
  await waitUntil('the connection', () => connection.state.kind === 'connected');
}

function pidOf({ state }: DaemonConnection): number {
  return state.kind === 'connected' ? state.hello.daemon.pid : 0;
}

function versionOf({ state }: DaemonConnection): string {
  return state.kind === 'connected' ? state.hello.daemon.version : '';
}
