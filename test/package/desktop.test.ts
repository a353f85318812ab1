import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skippedExitCode } from '../layers.ts';
import { root } from './extensionPackage.ts';

describe('the suite in the desktop\u2019s VS Code', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-desktop-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('P-12a is the same suite on the same folder, handed over as VS Code takes it', async () => {
    const { code, output, records } = await run({ SLIPWAY_VSCODE: writeRecorder(folder), DISPLAY: ':9' });
    const args = readFileSync(join(folder, 'args'), 'utf8').split('\n');
    const env = readFileSync(join(folder, 'env'), 'utf8');
    // The first argument is the folder to open.
    assert.match(args[0] ?? '', /\/slipway-editor-\w+\/kosmos$/);
    assert.ok(args.includes(`--extensionDevelopmentPath=${root}`), output);
    const suite = join(root, 'out', 'editor', 'suite.cjs');
    assert.ok(args.includes(`--extensionTestsPath=${suite}`));
    assert.ok(args.some(argument => /^--remote-debugging-port=[1-9]\d+$/.test(argument)));
    for (const name of ['SLIPWAY_HOME', 'SLIPWAY_TEST_BRIDGE', 'SLIPWAY_TEST_CALLS', 'KUBECONFIG']) {
      assert.match(env, new RegExp(`^${name}=.*(?:slipway-editor-|127\\.0\\.0\\.1)`, 'm'));
    }
    // It is what the layer `editor` runs in the browser's VS Code.
    const bundle = readFileSync(suite, 'utf8');
    for (const name of [
      'a folder that nobody has trusted',
      'the Releases view in the window',
      'the diagnostics',
    ]) {
      assert.ok(bundle.includes(name), name);
    }
    // An editor that runs no test is no success, however well it ends.
    assert.equal(code, 1, output);
    assert.match(output, /VS Code ended without running a single test/);
    assert.deepEqual(records, []);
  });

  it('P-12b is skipped with the reason where VS Code cannot be downloaded', async () => {
    // Nobody listens there; and nothing has been downloaded into that cache before.
    const nowhere = 'http://127.0.0.1:9';
    const { code, output, records } = await run({
      DISPLAY: ':9',
      XDG_CACHE_HOME: folder,
      npm_config_proxy: nowhere,
      npm_config_https_proxy: nowhere,
    });
    assert.equal(code, skippedExitCode, output);
    assert.match(
      output,
      /- the editor suite in the desktop\u2019s VS Code: VS Code cannot be downloaded here: .+/,
    );
    assert.deepEqual(
      records.map(({ state }) => state),
      ['skipped'],
    );
    assert.match(records[0]?.title ?? '', /cannot be downloaded here: .+/);
  });

  it('P-12b is skipped with the reason where there is no screen', async () => {
    const { code, records } = await run({
      SLIPWAY_VSCODE: writeRecorder(folder),
      DISPLAY: '',
      WAYLAND_DISPLAY: '',
      PATH: join(process.execPath, '..'),
    });
    assert.equal(code, skippedExitCode);
    assert.match(records[0]?.title ?? '', /there is no screen: neither DISPLAY nor xvfb-run/);
  });

  /** Runs `npm run test:electron` and reads what it recorded. */
  async function run(env: Readonly<Record<string, string>>): Promise<{
    readonly code: number | null;
    readonly output: string;
    readonly records: readonly { readonly title: string; readonly state: string }[];
  }> {
    const results = join(folder, 'results.jsonl');
    writeFileSync(results, '');
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const [node, program = ''] = (scripts['test:electron'] ?? '').split(' ');
    assert.equal(node, 'node');
    const child = spawn(process.execPath, [program], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, SLIPWAY_TEST_RESULTS: results, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const lines = readFileSync(results, 'utf8').split('\n').filter(Boolean);
    return { code, output, records: lines.map(line => JSON.parse(line)) };
  }
});

/** In VS Code's place: writes down what it was started with, and ends well. */
function writeRecorder(folder: string): string {
  const file = join(folder, 'recorder');
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/args'\nenv > '${folder}/env'\n`;
  writeFileSync(file, script, { mode: 0o755 });
  return file;
}
