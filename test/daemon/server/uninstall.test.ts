import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { connectDaemon } from '../../../daemon/client/connectDaemon.ts';
import { buildStatePaths } from '../../../daemon/protocol/discovery.ts';
import { preparePrivateFolder } from '../../../daemon/protocol/transport/privateFolder.ts';
import type { DaemonConnection } from '../../../extension/connection/daemonConnection.ts';
import { spawnDaemon } from '../../../extension/connection/spawnDaemon.ts';
import { buildTestFolder, cleanFolders, isAlive, waitUntil } from './testFolder.ts';
import { buildTestConnection, buildTestEnv, startTestDaemon } from './testProgram.ts';
import { startTestServer } from './testServer.ts';

const root = resolve(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const identity = { name: 'test', version: '1.0.0' };

describe('the script that VS Code runs after Slipway was uninstalled', () => {
  const open: DaemonConnection[] = [];
  before(function () {
    // It is a part of the build.
    assert.ok(existsSync(join(root, 'dist', 'uninstall.cjs')), 'run `npm run build` first');
    this.timeout(60_000);
  });
  after(async () => {
    for (const connection of open) {
      connection.dispose();
    }
    await cleanFolders();
  });

  it('P-11f ends the idle daemon, removes its program and its socket, keeps the journal and says where', async () => {
    const stateFolder = buildTestFolder();
    const connection = await buildTestConnection(stateFolder);
    connection.start();
    await waitUntil('the connection', () => connection.state.kind === 'connected');
    const { state } = connection;
    assert.ok(state.kind === 'connected');
    connection.dispose();
    const before = readdirSync(stateFolder);
    assert.ok(before.includes('program') && before.includes('daemon.sock') && before.includes('store.db'));

    const { code, output, seconds } = await runHook(stateFolder);
    assert.equal(code, 0, output);
    assert.ok(seconds < 5, `VS Code would have ended it: ${seconds} s`);
    assert.match(output, new RegExp(`The daemon \\(process ${state.hello.daemon.pid}\\) has ended`));
    assert.ok(output.includes(`The journal of promotions stays in ${stateFolder} (store.db, anchors.jsonl)`));
    assert.ok(!isAlive(state.hello.daemon.pid));
    assert.deepEqual(
      readdirSync(stateFolder).filter(name => /^(?:program|cache|daemon\.(?:sock|json))/.test(name)),
      [],
    );
    assert.ok(existsSync(join(stateFolder, 'store.db')));
    assert.match(readFileSync(buildStatePaths(stateFolder).log, 'utf8'), /its journal stays.*journal=/);
  });

  it('P-11f waits for whoever is still connected, and the daemon leaves by itself afterwards', async () => {
    const stateFolder = buildTestFolder();
    const discovery = await startTestDaemon(stateFolder);
    const program = join(buildStatePaths(stateFolder).programs, '1.0.0-0', 'daemon.cjs');
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, '');
    const { client } = await connectDaemon(discovery, identity);
    const { output, seconds } = await runHook(stateFolder);
    assert.match(output, /goes on: another window may be connected to it\. Then it ends by itself\./);
    assert.ok(seconds < 5);
    assert.ok(isAlive(discovery.pid) && existsSync(program));
    assert.equal((await client.request('journal.read', { since: 0, limit: 1 })).head, 0);
    client.close();
    await waitUntil('the daemon to leave', () => !isAlive(discovery.pid));
    assert.ok(!existsSync(program) && !existsSync(discovery.socket));
    assert.ok(existsSync(join(stateFolder, 'store.db')));
  });

  it('P-11g says which promotion the daemon waits for', async () => {
    const test = await startTestServer({ running: () => ['promotion 7 is running'] });
    try {
      const { code, output } = await runHook(test.stateFolder);
      assert.equal(code, 0);
      assert.match(output, /goes on: promotion 7 is running\. Then it ends by itself\./);
    } finally {
      await test.stop();
    }
  });

  it('P-11f clears up after a daemon that was killed', async () => {
    const stateFolder = buildTestFolder();
    preparePrivateFolder(stateFolder);
    const discovery = await startTestDaemon(stateFolder);
    process.kill(discovery.pid, 'SIGKILL');
    await waitUntil('its end', () => !isAlive(discovery.pid));
    const { code, output } = await runHook(stateFolder);
    assert.equal(code, 0, output);
    assert.ok(!existsSync(discovery.socket) && !existsSync(buildStatePaths(stateFolder).discovery));
    assert.ok(existsSync(join(stateFolder, 'store.db')));
  });

  it('P-11f does nothing where Slipway never ran', async () => {
    const stateFolder = buildTestFolder();
    const { code, output } = await runHook(stateFolder);
    assert.equal(code, 0, output);
    assert.ok(!existsSync(stateFolder));
  });

  it('P-11f removes the folder of a socket whose usual path would have been too long', async function () {
    this.timeout(30_000);
    const stateFolder = join(buildTestFolder(), 'x'.repeat(90));
    mkdirSync(dirname(stateFolder), { mode: 0o700 });
    const discovery = await startTestDaemon(stateFolder, { spawn: spawnDaemon });
    assert.notEqual(dirname(discovery.socket), stateFolder);
    const { code, output } = await runHook(stateFolder);
    assert.equal(code, 0, output);
    assert.ok(!isAlive(discovery.pid), output);
    assert.ok(!existsSync(dirname(discovery.socket)));
  });
});

/** Runs the script of package.json as VS Code's ExtensionsLifecycle does: forked, silent, with its own argument. */
function runHook(
  stateFolder: string,
): Promise<{ readonly code: number | null; readonly output: string; readonly seconds: number }> {
  const [node, script = '', ...args] = (manifest.scripts['vscode:uninstall'] ?? '').split(' ');
  assert.equal(node, 'node');
  const begun = performance.now();
  const child = fork(join(root, script), ['--type=extension-post-uninstall', ...args], {
    silent: true,
    env: buildTestEnv(stateFolder),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('close', code => done({ code, output, seconds: (performance.now() - begun) / 1000 }));
  });
}
