import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { WebSocket } from 'ws';
import { connectDaemon } from '../../../daemon/client/connectDaemon.ts';
import { DaemonClient } from '../../../daemon/client/daemonClient.ts';
import { findDaemon } from '../../../daemon/client/findDaemon.ts';
import { buildStatePaths, type ReadyLine } from '../../../daemon/protocol/discovery.ts';
import { buildTestFolder, cleanFolders, isAlive, waitUntil } from './testFolder.ts';
import { buildTestEnv, buildTestProgram, startTestDaemon } from './testProgram.ts';

const identity = { name: 'test', version: '1.0.0' };

describe('the daemon process', () => {
  before(async function () {
    this.timeout(60_000);
    await buildTestProgram();
  });
  after(cleanFolders);

  it('says its version', async () => {
    const { stdout, code } = await runProgram(['--version'], {});
    assert.deepEqual([stdout, code], ['1.0.0\n', 0]);
  });

  it('refuses arguments that it does not know', async () => {
    const { code, stdout } = await runProgram(['--port', '80'], buildTestEnv(buildTestFolder()));
    assert.equal(code, 1);
    assert.match(stdout, /"ready":false/);
  });

  it('L-06e keeps everything private: folder 0700; socket, discovery file and log 0600', async () => {
    const stateFolder = buildTestFolder();
    mkdirSync(stateFolder, { mode: 0o755 });
    chmodSync(stateFolder, 0o755);
    const { socket } = await startTestDaemon(stateFolder);
    const paths = buildStatePaths(stateFolder);
    assert.equal(modeOf(stateFolder), 0o700);
    assert.equal(modeOf(socket), 0o600);
    assert.ok(statSync(socket).isSocket());
    assert.equal(modeOf(paths.discovery), 0o600);
    assert.equal(modeOf(paths.log), 0o600);
    assert.equal(modeOf(paths.startLog), 0o600);
    assert.deepEqual(
      readdirSync(stateFolder).filter(name => name.endsWith('.tmp')),
      [],
    );
  });

  it('L-06e refuses a state folder that is a symbolic link', async () => {
    const stateFolder = buildTestFolder();
    const elsewhere = buildTestFolder();
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, stateFolder);
    const { line, code } = await runDaemon(stateFolder);
    assert.deepEqual([readCode(line), code], ['stateFolderRefused', 1]);
    assert.deepEqual(readdirSync(elsewhere), []);
  });

  it('L-06e refuses a discovery file that is a symbolic link, and does not write through it', async () => {
    const stateFolder = buildTestFolder();
    mkdirSync(stateFolder, { mode: 0o700 });
    const target = join(stateFolder, 'target');
    writeFileSync(target, 'mine');
    symlinkSync(target, buildStatePaths(stateFolder).discovery);
    const { line, code } = await runDaemon(stateFolder);
    assert.deepEqual([readCode(line), code], ['stateFolderRefused', 1]);
    assert.equal(readFileSync(target, 'utf8'), 'mine');
    assert.equal(findDaemon(stateFolder).state, 'absent');
  });

  it('L-06e refuses a log that is a symbolic link', async () => {
    const stateFolder = buildTestFolder();
    mkdirSync(stateFolder, { mode: 0o700 });
    const target = join(stateFolder, 'target');
    writeFileSync(target, 'mine');
    symlinkSync(target, buildStatePaths(stateFolder).log);
    assert.equal((await runDaemon(stateFolder)).code, 1);
    assert.equal(readFileSync(target, 'utf8'), 'mine');
  });

  it('L-06e replaces a discovery file that others could have read', async () => {
    const stateFolder = buildTestFolder();
    mkdirSync(stateFolder, { mode: 0o700 });
    const { discovery } = buildStatePaths(stateFolder);
    writeFileSync(discovery, '{"token":"old"}', { mode: 0o666 });
    chmodSync(discovery, 0o666);
    const old = statSync(discovery).ino;
    await startTestDaemon(stateFolder);
    assert.equal(modeOf(discovery), 0o600);
    assert.notEqual(statSync(discovery).ino, old);
  });

  it('L-06e listens in a short private folder when the path would be too long', async () => {
    const stateFolder = join(buildTestFolder(), 'x'.repeat(100));
    const { socket } = await startTestDaemon(stateFolder);
    assert.ok(Buffer.byteLength(socket) <= 100, socket);
    assert.ok(!socket.startsWith(stateFolder));
    assert.equal(modeOf(join(socket, '..')), 0o700);
    assert.equal(modeOf(socket), 0o600);
    const lookup = findDaemon(stateFolder);
    assert.ok(lookup.state === 'found');
    const { client, hello } = await connectDaemon(lookup.discovery, identity);
    client.close();
    process.kill(hello.daemon.pid, 'SIGTERM');
    await waitUntil('the daemon to end', () => !isAlive(hello.daemon.pid));
    assert.ok(!existsSync(socket));
    const folder = join(socket, '..');
    rmSync(folder, { recursive: true });
    const elsewhere = buildTestFolder();
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, folder);
    assert.equal(readCode((await runDaemon(stateFolder)).line), 'stateFolderRefused');
    rmSync(folder);
  });

  it('works in a folder whose name has spaces, #, : and accents', async () => {
    const stateFolder = buildTestFolder('a home with #, : and é');
    const discovery = await startTestDaemon(stateFolder);
    const { client, hello } = await connectDaemon(discovery, identity);
    assert.equal(hello.daemon.home, stateFolder);
    client.close();
  });

  it('L-06f is found by its discovery file, which names its socket, process, version and program', async () => {
    const stateFolder = buildTestFolder();
    await startTestDaemon(stateFolder);
    const lookup = findDaemon(stateFolder);
    assert.ok(lookup.state === 'found');
    const { discovery } = lookup;
    assert.equal(discovery.socket, join(stateFolder, 'daemon.sock'));
    assert.equal(discovery.version, '1.0.0');
    assert.equal(discovery.program, await buildTestProgram());
    assert.ok(isAlive(discovery.pid));
    assert.equal(Buffer.from(discovery.token, 'base64url').length, 32);
  });

  it('L-06f has a new token at each start', async () => {
    const stateFolder = buildTestFolder();
    const first = await startTestDaemon(stateFolder);
    await end(first.pid, 'SIGTERM');
    const second = await startTestDaemon(stateFolder);
    assert.notEqual(first.token, second.token);
    await assert.rejects(connectDaemon({ ...second, token: first.token }, identity), {
      code: 'disconnected',
    });
  });

  it('L-06f leaves neither discovery file nor socket when it is asked to stop', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const stateFolder = buildTestFolder();
      const { pid, socket } = await startTestDaemon(stateFolder);
      await end(pid, signal);
      assert.ok(!existsSync(buildStatePaths(stateFolder).discovery));
      assert.ok(!existsSync(socket));
    }
  });

  it('L-06f a discovery file left by a killed daemon is not believed, and the next start replaces it', async () => {
    const stateFolder = buildTestFolder();
    const killed = await startTestDaemon(stateFolder);
    await end(killed.pid, 'SIGKILL');
    assert.ok(existsSync(killed.socket));
    assert.equal(findDaemon(stateFolder).state, 'absent');
    const next = await startTestDaemon(stateFolder);
    assert.notEqual(next.pid, killed.pid);
    (await connectDaemon(next, identity)).client.close();
  });

  it('L-06f a discovery file whose process id belongs to another process leads to nobody', async () => {
    const stateFolder = buildTestFolder();
    const killed = await startTestDaemon(stateFolder);
    await end(killed.pid, 'SIGKILL');
    await assert.rejects(connectDaemon({ ...killed, pid: process.pid }, identity), { code: 'disconnected' });
    const next = await startTestDaemon(stateFolder);
    await assert.rejects(connectDaemon({ ...next, pid: process.pid }, identity), { code: 'disconnected' });
  });

  it('L-06f does not take away the discovery file of the daemon that came after it', async () => {
    const stateFolder = buildTestFolder();
    const { pid } = await startTestDaemon(stateFolder);
    const { discovery } = buildStatePaths(stateFolder);
    const other = { ...JSON.parse(readFileSync(discovery, 'utf8')), token: 'A'.repeat(43) };
    writeFileSync(discovery, JSON.stringify(other));
    await end(pid, 'SIGTERM');
    assert.deepEqual(JSON.parse(readFileSync(discovery, 'utf8')), other);
  });

  it('L-06a keeps its token out of its command line, environment and log', async () => {
    const stateFolder = buildTestFolder();
    const discovery = await startTestDaemon(stateFolder);
    (await connectDaemon(discovery, identity)).client.close();
    await assert.rejects(connectDaemon({ ...discovery, token: 'B'.repeat(43) }, identity));
    const places = [
      readFileSync(`/proc/${discovery.pid}/cmdline`, 'utf8'),
      readFileSync(`/proc/${discovery.pid}/environ`, 'utf8'),
      readFileSync(buildStatePaths(stateFolder).log, 'utf8'),
      readFileSync(buildStatePaths(stateFolder).startLog, 'utf8'),
    ];
    for (const text of places) {
      assert.ok(!text.includes(discovery.token) && !text.includes('B'.repeat(43)));
    }
    assert.match(places[2] ?? '', /refused at the door reason="wrongToken"/);
  });

  it('listens on its socket and on no address of the network', async () => {
    const { pid } = await startTestDaemon(buildTestFolder());
    const sockets = readdirSync(`/proc/${pid}/fd`)
      .map(name => readLink(`/proc/${pid}/fd/${name}`))
      .map(link => /^socket:\[(\d+)\]$/.exec(link)?.[1])
      .filter(inode => inode !== undefined);
    const inodes = ['tcp', 'tcp6', 'udp', 'udp6'].flatMap(kind =>
      readFileSync(`/proc/net/${kind}`, 'utf8')
        .split('\n')
        .map(line => line.trim().split(/\s+/)[9]),
    );
    assert.ok(sockets.length > 0);
    assert.deepEqual(
      sockets.filter(inode => inodes.includes(inode)),
      [],
    );
  });

  it('stands in its state folder and outlives the process that started it', async () => {
    const stateFolder = buildTestFolder();
    const script = join(import.meta.dirname, 'startAndDie.ts');
    const child = spawn(process.execPath, [script, stateFolder, await buildTestProgram()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', chunk => {
      text += chunk;
    });
    const signal = await new Promise(resolve => child.once('close', (_code, how) => resolve(how)));
    assert.equal(signal, 'SIGKILL');
    const pid = Number(text);
    assert.ok(isAlive(pid));
    assert.equal(readLink(`/proc/${pid}/cwd`), stateFolder);
    const lookup = findDaemon(stateFolder);
    assert.ok(lookup.state === 'found' && lookup.discovery.pid === pid);
    (await connectDaemon(lookup.discovery, identity)).client.close();
  });

  it('loses the connection of a client that it does not answer any more', async () => {
    const { pid, socket, token } = await startTestDaemon(buildTestFolder());
    const opened = new WebSocket('ws://localhost/', {
      createConnection: () => connect(socket),
      headers: { authorization: `Bearer ${token}` },
    });
    await new Promise<void>(resolve => opened.once('open', () => resolve()));
    const client = new DaemonClient(opened, { heartbeatMs: 50, cancelGraceMs: 50 });
    const answer = client.request('session.retire', { version: '0.0.1' });
    assert.equal((await answer).retiring, false);
    process.kill(pid, 'SIGSTOP');
    const pending = assert.rejects(client.request('setup.show', {}), { code: 'disconnected' });
    await new Promise(resolve => client.onClosed(resolve));
    await pending;
    process.kill(pid, 'SIGCONT');
  });

  it('L-06h the loser of a race says so and ends well', async () => {
    const stateFolder = buildTestFolder();
    const { pid } = await startTestDaemon(stateFolder);
    const { line, code } = await runDaemon(stateFolder);
    assert.deepEqual([line, code], [{ ready: false, reason: 'anotherInstance' }, 0]);
    const lookup = findDaemon(stateFolder);
    assert.ok(lookup.state === 'found' && lookup.discovery.pid === pid);
  });

  it('L-06j stops when it was idle for its limit, and leaves nothing', async () => {
    const stateFolder = buildTestFolder();
    const { pid } = await startTestDaemon(stateFolder, { env: { SLIPWAY_IDLE_SECONDS: '0.2' } });
    await waitUntil('the idle daemon to stop', () => !isAlive(pid));
    assert.equal(findDaemon(stateFolder).state, 'absent');
    assert.match(readFileSync(buildStatePaths(stateFolder).log, 'utf8'), /The daemon was idle/);
  });

  it('L-06j does not stop while a client is connected', async () => {
    const discovery = await startTestDaemon(buildTestFolder(), { env: { SLIPWAY_IDLE_SECONDS: '1.5' } });
    const { client } = await connectDaemon(discovery, identity);
    const until = performance.now() + 3_000;
    await waitUntil('twice the limit', () => performance.now() > until);
    assert.equal((await client.request('journal.read', { since: 0, limit: 1 })).head, 0);
    client.close();
    await waitUntil('the idle daemon to stop', () => !isAlive(discovery.pid));
  });

  it('is ready quickly', async function () {
    this.timeout(60_000);
    const times: number[] = [];
    for (let round = 0; round < 7; round++) {
      const stateFolder = buildTestFolder();
      const begun = performance.now();
      const { pid } = await startTestDaemon(stateFolder);
      times.push(performance.now() - begun);
      await end(pid, 'SIGTERM');
    }
    times.sort((a, b) => a - b);
    console.log(`      ready after ${times.map(time => Math.round(time)).join(', ')} ms`);
    assert.ok((times[0] ?? 0) < 5_000);
  });

  async function runDaemon(stateFolder: string): Promise<{ line: ReadyLine; code: number | null }> {
    const { stdout, code } = await runProgram([], buildTestEnv(stateFolder));
    return { line: JSON.parse(stdout) as ReadyLine, code };
  }
});

function readCode(line: ReadyLine): string | undefined {
  return !line.ready && line.reason === 'failed' ? line.code : undefined;
}

async function runProgram(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ readonly stdout: string; readonly code: number | null }> {
  const child = spawn(process.execPath, [await buildTestProgram(), ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', chunk => {
    stdout += chunk;
  });
  const code = await new Promise<number | null>(resolve => child.once('close', resolve));
  return { stdout, code };
}

async function end(pid: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal);
  await waitUntil(`process ${pid} to end`, () => !isAlive(pid));
}

function modeOf(path: string): number {
  return lstatSync(path).mode & 0o777;
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
