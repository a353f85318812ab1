import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import { findTool } from '../../../daemon/tools/process/findTool.ts';
import { readProcess } from '../../../daemon/tools/process/processTable.ts';
import { runPlugin } from '../../../daemon/tools/process/runPlugin.ts';
import { readToolEnvironment } from '../../../daemon/tools/process/toolEnvironment.ts';
import { until } from './until.ts';

describe('where tools come from', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'slipway-home-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  function program(path: string, text = '#!/bin/sh\n'): string {
    writeFileSync(join(home, path), text);
    chmodSync(join(home, path), 0o700);
    return join(home, path);
  }

  describe('the environment', () => {
    const own = () => ({ HOME: home, PATH: '/usr/bin:/bin', OTHER: 'x' });

    for (const shell of ['/bin/bash', '/bin/sh']) {
      it(`is what ${shell} gives as a login shell, whatever its rc files print`, async () => {
        writeFileSync(
          join(home, '.profile'),
          'echo "welcome home"; export PATH="/opt/my tools:$PATH" AWS_PROFILE="a=b\nc" OTHER=y; echo oops >&2',
        );
        const { env, from, fromText } = await readToolEnvironment({ own: own(), shell });
        assert.match(env['PATH'] ?? '', /^\/opt\/my tools:\//);
        assert.equal(env['AWS_PROFILE'], 'a=b\nc');
        assert.equal(env['OTHER'], undefined);
        assert.equal(env['SLIPWAY_MARK'], undefined);
        assert.equal(from, 'loginShell');
        assert.match(fromText, new RegExp(shell));
      });
    }

    it("is the starter's where SLIPWAY_HOME is set", async () => {
      writeFileSync(join(home, '.profile'), 'export PATH=/from/shell');
      const { env, from } = await readToolEnvironment({
        own: { ...own(), SLIPWAY_HOME: home },
        shell: '/bin/bash',
      });
      assert.equal(env['PATH'], '/usr/bin:/bin');
      assert.equal(from, 'starter');
    });

    it("L-08e is the daemon's own when the shell takes too long, and this is told", async () => {
      writeFileSync(join(home, '.profile'), `echo $$ > ${home}/pid; sleep 100`);
      const started = performance.now();
      const { env, from, notices } = await readToolEnvironment({
        own: own(),
        shell: '/bin/bash',
        timeoutMs: 500,
      });
      assert.ok(performance.now() - started < 5000);
      assert.equal(env['PATH'], '/usr/bin:/bin');
      assert.equal(from, 'daemon');
      assert.match(notices.join(' '), /\/bin\/bash gave no environment: .*0\.5 s/);
      const pid = Number(readFileSync(join(home, 'pid'), 'utf8'));
      await until(() => readProcess(pid) === undefined);
    });

    it("is the daemon's own when the shell fails, and this is told", async () => {
      const shell = program('shell', '#!/bin/sh\nexit 3\n');
      const { from, notices } = await readToolEnvironment({ own: own(), shell });
      assert.equal(from, 'daemon');
      assert.match(notices.join(' '), /exit code 3/);
    });

    it("is the daemon's own when there is no shell, and this is told", async () => {
      const { from, notices } = await readToolEnvironment({ own: own(), shell: '/sbin/no-such-shell' });
      assert.equal(from, 'daemon');
      assert.match(notices.join(' '), /no program that runs here/);
    });

    it('tells of a HELM_DRIVER that would hide the releases', async () => {
      const { env, notices } = await readToolEnvironment({
        own: { ...own(), SLIPWAY_HOME: home, HELM_DRIVER: 'configmap' },
      });
      assert.equal(env['HELM_DRIVER'], undefined);
      assert.match(notices.join(' '), /HELM_DRIVER is "configmap"/);
    });
  });

  describe('a tool', () => {
    const missing = (error: unknown) => error instanceof SlipwayError && error.code === 'toolMissing';

    it('is the first in PATH that this user may run', () => {
      mkdirSync(join(home, 'a'));
      mkdirSync(join(home, 'b'));
      writeFileSync(join(home, 'a', 'helm'), '');
      program('b/helm');
      assert.equal(findTool('helm', { path: `${home}/none:${home}/a:${home}/b` }), join(home, 'b', 'helm'));
    });

    it('is what the settings name', () => {
      const path = program('my-helm');
      assert.equal(findTool('helm', { setting: path, path: '/bin' }), path);
    });

    it('is never another one than the settings name', () => {
      program('helm');
      assert.throws(() => findTool('helm', { setting: join(home, 'gone'), path: home }), missing);
      assert.throws(() => findTool('helm', { setting: 'helm', path: home }), missing);
    });

    it('L-08f is never found in a folder of PATH that is not absolute', () => {
      program('helm');
      const before = process.cwd();
      process.chdir(home);
      try {
        assert.throws(() => findTool('helm', { path: ':.:' }), missing);
      } finally {
        process.chdir(before);
      }
    });

    it('is no folder', () => {
      mkdirSync(join(home, 'helm'));
      assert.throws(() => findTool('helm', { path: home }), missing);
    });
  });

  describe('a credential plugin', () => {
    const env = { PATH: '/usr/bin:/bin' };
    const run = { args: [], env: {}, timeoutMs: 5000 };

    it('gives what it prints, with its own variables', async () => {
      program('plugin', '#!/bin/sh\necho "$OWN $1"\n');
      const { stdout } = await runPlugin(
        { ...run, command: './plugin', args: ['a'], env: { OWN: '1' } },
        { env, kubeconfig: join(home, 'config') },
      );
      assert.equal(stdout, '1 a\n');
    });

    it('L-08e has a time limit', async () => {
      program('plugin', '#!/bin/sh\nsleep 100\n');
      await assert.rejects(
        runPlugin({ ...run, command: './plugin', timeoutMs: 200 }, { env, kubeconfig: join(home, 'config') }),
        /credential plugin did not answer within 0\.2 s/,
      );
    });

    it('gets nothing to read, so that it cannot wait for an answer', async () => {
      program('plugin', '#!/bin/sh\nread answer && echo "$answer" || echo nothing\n');
      const { stdout } = await runPlugin(
        { ...run, command: './plugin' },
        { env, kubeconfig: join(home, 'config') },
      );
      assert.equal(stdout, 'nothing\n');
    });

    it('is told when it is not there', async () => {
      const options = { env, kubeconfig: join(home, 'config') };
      await assert.rejects(runPlugin({ ...run, command: 'no-such-plugin' }, options), {
        code: 'toolMissing',
      });
      await assert.rejects(runPlugin({ ...run, command: './none' }, options), { code: 'toolMissing' });
    });
  });
});
