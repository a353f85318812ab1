import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { cleanDaemonPrograms, prepareDaemonProgram } from '../../../extension/connection/daemonProgram.ts';
import { buildDaemonEnv } from '../../../extension/connection/spawnDaemon.ts';

const dayMs = 24 * 60 * 60 * 1000;

describe("the copy of the daemon's program", () => {
  let folder = '';
  let stateFolder = '';
  let source = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-copy-'));
    stateFolder = join(folder, 'state');
    source = join(folder, 'daemon.cjs');
    writeFileSync(source, 'first');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is private, and named by version and content', async () => {
    const program = await prepareDaemonProgram({ stateFolder, source, version: '1.2.3' });
    assert.match(program, /\/state\/program\/1\.2\.3-[0-9a-f]{12}\/daemon\.cjs$/);
    assert.equal(readFileSync(program, 'utf8'), 'first');
    assert.equal(statSync(program).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(program)).mode & 0o777, 0o700);
    assert.equal(statSync(stateFolder).mode & 0o777, 0o700);
  });

  it('is made once for the same content, and again when it was changed', async () => {
    const program = await prepareDaemonProgram({ stateFolder, source, version: '1.2.3' });
    const { ino } = statSync(program);
    await prepareDaemonProgram({ stateFolder, source, version: '1.2.3' });
    assert.equal(statSync(program).ino, ino);
    writeFileSync(program, 'something else');
    assert.equal(await prepareDaemonProgram({ stateFolder, source, version: '1.2.3' }), program);
    assert.equal(readFileSync(program, 'utf8'), 'first');
  });

  it('is another one for other content of the same version', async () => {
    const first = await prepareDaemonProgram({ stateFolder, source, version: '1.2.3' });
    writeFileSync(source, 'second');
    const second = await prepareDaemonProgram({ stateFolder, source, version: '1.2.3' });
    assert.notEqual(first, second);
    assert.equal(readFileSync(first, 'utf8'), 'first');
  });

  it('survives that several windows make it at once', async () => {
    const programs = await Promise.all(
      Array.from({ length: 10 }, () => prepareDaemonProgram({ stateFolder, source, version: '1.2.3' })),
    );
    assert.equal(new Set(programs).size, 1);
    assert.equal(readFileSync(programs[0] ?? '', 'utf8'), 'first');
    assert.deepEqual(readdirSync(dirname(programs[0] ?? '')), ['daemon.cjs']);
  });

  it('cannot be led out of its folder by a version', async () => {
    const program = await prepareDaemonProgram({ stateFolder, source, version: '../../../evil' });
    assert.equal(dirname(dirname(program)), join(stateFolder, 'program'));
  });

  it('L-06e is not made in a folder that is a symbolic link', async () => {
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), stateFolder);
    await assert.rejects(prepareDaemonProgram({ stateFolder, source, version: '1.2.3' }), {
      code: 'stateFolderRefused',
    });
  });

  it('L-06e is made in a folder that is made private first', async () => {
    mkdirSync(stateFolder);
    chmodSync(stateFolder, 0o777);
    await prepareDaemonProgram({ stateFolder, source, version: '1.2.3' });
    assert.equal(statSync(stateFolder).mode & 0o777, 0o700);
  });

  it('is removed a day after its last use, unless it is in use', async () => {
    const programs: string[] = [];
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) {
      programs.push(await prepareDaemonProgram({ stateFolder, source, version }));
    }
    const [unused = '', running = '', fresh = ''] = programs;
    const old = new Date(Date.now() - 2 * dayMs);
    for (const program of [unused, running]) {
      utimesSync(dirname(program), old, old);
    }
    const removed = await cleanDaemonPrograms({ stateFolder, inUse: [running] });
    assert.deepEqual(removed, [dirname(unused)]);
    assert.deepEqual([unused, running, fresh].map(existsSync), [false, true, true]);
  });
});

describe('the environment of the daemon', () => {
  it("is this process's, without what belongs to one window", () => {
    const env = buildDaemonEnv({
      PATH: '/bin',
      KUBECONFIG: '/k',
      SLIPWAY_HOME: '/s',
      VSCODE_IPC_HOOK: '/sock',
      ELECTRON_NO_ATTACH_CONSOLE: '1',
      NODE_OPTIONS: '--inspect',
      NODE_EXTRA_CA_CERTS: '/ca',
      EMPTY: undefined,
    });
    assert.deepEqual(env, { PATH: '/bin', KUBECONFIG: '/k', SLIPWAY_HOME: '/s', NODE_EXTRA_CA_CERTS: '/ca' });
  });
});
