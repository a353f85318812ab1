import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'mocha';

describe('the crash guard', () => {
  const run = (failures: number) =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'failOften.ts'), String(failures)], {
      encoding: 'utf8',
      timeout: 15_000,
    });

  it('logs a defect and goes on with what else the daemon does', () => {
    const { stdout, status } = run(2);
    assert.deepEqual(stdout.trim().split('\n'), ['uncaught exception', 'unhandled rejection', 'went on']);
    assert.equal(status, 0);
  });

  it('gives up when defects come in numbers', () => {
    const { stdout, status } = run(20);
    assert.match(stdout, /gave up\n$/);
    assert.equal(status, 3);
  });
});
