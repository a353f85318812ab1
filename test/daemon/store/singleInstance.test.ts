import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import { acquireSingleInstance } from '../../../daemon/store/singleInstance.ts';
import { TestProcess } from './testProcess.ts';

describe('the single instance', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('L-06h is exactly one of ten processes that race, and the next at once when it is killed', async function () {
    this.timeout(60_000);
    const processes = Array.from({ length: 10 }, () => new TestProcess('acquireWhenTold.ts', [folder]));
    try {
      await Promise.all(processes.map(process => process.line()));
      const racing = [...processes];
      while (racing.length > 0) {
        for (const process of racing) {
          process.write('go\n');
        }
        const answers = await Promise.all(racing.map(process => process.line()));
        const winners = racing.filter((_, index) => answers[index]?.startsWith('won'));
        assert.equal(winners.length, 1, answers.join(', '));
        const slowest = Math.max(...answers.map(answer => Number(answer.split(' ')[1])));
        assert.ok(slowest < 1000, `an answer took ${slowest} ms`);
        const [winner] = winners;
        assert.ok(winner);
        await winner.kill();
        racing.splice(racing.indexOf(winner), 1);
      }
    } finally {
      await Promise.all(processes.map(process => process.kill()));
    }
  });

  it('L-06h is refused to a second one in the same process, until the first is disposed', () => {
    const first = acquireSingleInstance(folder);
    assert.ok(first);
    assert.equal(acquireSingleInstance(folder), undefined);
    first.dispose();
    const second = acquireSingleInstance(folder);
    assert.ok(second);
    second.dispose();
  });

  it('L-06h is not given away by asking for it again', async () => {
    const first = acquireSingleInstance(folder);
    acquireSingleInstance(folder);
    const other = new TestProcess('acquireWhenTold.ts', [folder]);
    try {
      await other.line();
      other.write('go\n');
      assert.match(await other.line(), /^lost/);
      first?.dispose();
      other.write('go\n');
      assert.match(await other.line(), /^won/);
    } finally {
      await other.kill();
    }
  });

  it('leaves one empty file for its user alone', () => {
    const instance = acquireSingleInstance(folder);
    assert.deepEqual(readdirSync(folder), ['daemon.lock']);
    const { mode, size } = statSync(join(folder, 'daemon.lock'));
    assert.equal(mode & 0o777, 0o600);
    assert.equal(size, 0);
    instance?.dispose();
  });

  it('says which file cannot be used', () => {
    writeFileSync(join(folder, 'state'), '');
    assert.throws(
      () => acquireSingleInstance(join(folder, 'state')),
      (error: unknown) => error instanceof SlipwayError && error.code === 'storeFailed',
    );
  });
});
