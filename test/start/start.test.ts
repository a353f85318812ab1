import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../sandbox/runCommand.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { findProcessesOf, StartedSandbox } from './startedSandbox.ts';

describe('npm start', function () {
  this.timeout(5 * 60_000);
  let folder = '';
  let clone = '';
  let state = '';

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-start-'));
    clone = join(folder, 'clone');
    state = join(folder, 'state');
    await runCommand('git', ['clone', '--quiet', '.', clone]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('L-02a L-02b begins in a fresh clone without node_modules, promotes v2.1.0 everywhere and exits with 0', async () => {
    assert.equal(existsSync(join(clone, 'node_modules')), false);
    const once = new StartedSandbox({ folder: clone, args: ['--once'] });
    assert.equal(await once.end(4 * 60_000), 0, once.output);
    assert.match(once.output, /Installing npm packages/);
    for (const environment of ['development', 'staging', 'production']) {
      assert.match(
        once.output,
        new RegExp(`promotion\\.ended +succeeded  v2\\.1\\.0 runs in ${environment}`),
      );
    }
  });

  it('L-02e L-02c prints the address of an editor that answers, and ends cleanly on Ctrl-C', async () => {
    const started = new StartedSandbox({ folder: clone, args: ['--state', state] });
    try {
      const page = await fetch(await started.address(120_000));
      assert.equal(page.status, 200);
    } finally {
      await started.interrupt();
    }
    await waitFor('every process to be gone', async () => findProcessesOf(state).length === 0, {
      limitMs: 10_000,
    });
  });

  it('L-02d is up again in under 20 s with its state kept, and begins anew with --fresh', async () => {
    const idOf = () =>
      runCommand('grep', ['-m1', '-o', 'id: [0-9a-f-]*', join(state, 'kosmos', 'slipway.yaml')]);
    const id = await idOf();
    const begun = performance.now();
    const again = new StartedSandbox({ folder: clone, args: ['--state', state] });
    await again.address(120_000);
    const seconds = (performance.now() - begun) / 1000;
    console.log(`        second start: ${seconds.toFixed(1)} s`);
    await again.interrupt();
    assert.equal(await idOf(), id);
    assert.ok(seconds < 20, `the second start took ${seconds.toFixed(1)} s`);
    const fresh = new StartedSandbox({ folder: clone, args: ['--state', state, '--fresh'] });
    await fresh.address(120_000);
    await fresh.interrupt();
    assert.notEqual(await idOf(), id);
  });
});
