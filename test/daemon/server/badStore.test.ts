import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { connectDaemon } from '../../../daemon/client/connectDaemon.ts';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';
import { buildTestFolder, cleanFolders, isAlive, waitUntil } from './testFolder.ts';
import { buildTestProgram, startTestDaemon } from './testProgram.ts';

const identity = { name: 'test', version: '1.0.0' };

/** A matcher for `assert.rejects`: the code, the sentence, and what to do next. */
function told(code: string, message: RegExp, next: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof SlipwayError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.match(error.next, next);
    return true;
  };
}

describe('a daemon whose store cannot be used', function () {
  this.timeout(60_000);

  before(async () => {
    await buildTestProgram();
  });
  afterEach(cleanFolders);

  it('P-09q says that a newer version wrote the store, and leaves it untouched', async () => {
    const folder = buildTestFolder();
    const { pid } = await startTestDaemon(folder);
    await stop(pid);
    const path = join(folder, 'store.db');
    const database = new DatabaseSync(path);
    database.exec(`UPDATE meta SET value = '99' WHERE key = 'schemaVersion'`);
    database.close();
    await assert.rejects(
      startTestDaemon(folder),
      told(
        'storeTooNew',
        /store\.db has version 99; this program knows versions up to \d+/,
        /Update Slipway/,
      ),
    );
    const after = new DatabaseSync(path, { readOnly: true });
    assert.equal(after.prepare('SELECT value FROM meta').get()?.['value'], '99');
    after.close();
  });

  it('P-09p says that another program holds the store', async () => {
    const folder = buildTestFolder();
    const { pid } = await startTestDaemon(folder);
    await stop(pid);
    // Another process, as a backup or a browser of databases would be one.
    const script = `const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(process.argv[1]);
      database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      process.stdout.write('held');
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['-e', script, join(folder, 'store.db')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(holder.stdout, 'data');
      await assert.rejects(
        startTestDaemon(folder),
        told(
          'storeFailed',
          /store\.db cannot be used: another process has held it for more than 5 s/,
          /End the other program/,
        ),
      );
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    }
    const discovery = await startTestDaemon(folder);
    assert.ok(isAlive(discovery.pid), 'it starts when the other program has ended');
  });

  describe('because the disk is full', () => {
    let disk: string;
    const pids: number[] = [];

    beforeEach(function () {
      if (process.getuid?.() !== 0) {
        // Only root may mount a disk of its own.
        this.skip();
      }
      disk = join(buildTestFolder(), 'disk');
      mkdirSync(disk, { recursive: true });
      mount(disk, '2m');
    });
    afterEach(async () => {
      await Promise.all(pids.splice(0).map(stop));
      unmount(disk);
    });

    it('P-09o says so at the start', async () => {
      fill(disk);
      await assert.rejects(
        startTestDaemon(join(disk, 'home')),
        told('storeFailed', /cannot be used: the disk is full/, /Free space on the disk/),
      );
    });

    it('P-09o says so while it runs, answers what it can, and goes on when there is space again', async () => {
      const folder = join(disk, 'home');
      const discovery = await startTestDaemon(folder);
      pids.push(discovery.pid);
      const { client } = await connectDaemon(discovery, identity);
      const repository = join(buildTestFolder(), 'shop');
      mkdirSync(repository, { recursive: true });
      execFileSync('git', ['init', '--quiet', repository]);
      fill(disk);
      const open = () => client.request('repository.open', { folder: repository });
      await assert.rejects(
        open(),
        told('storeFailed', /the disk is full|No space left on device/i, /Free space on the disk/),
      );
      const setup = await client.request('setup.show', {});
      assert.equal(setup.stateFolder, folder);
      execFileSync('rm', [join(disk, 'filler')]);
      assert.equal((await open()).procedure, 'missing');
    });
  });
});

async function stop(pid: number): Promise<void> {
  if (isAlive(pid)) {
    process.kill(pid, 'SIGTERM');
  }
  await waitUntil(`daemon ${pid} to end`, () => !isAlive(pid));
}

/** Mounts a small disk in memory: a full one is caused for real. */
function mount(folder: string, size: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', folder]);
}

function unmount(folder: string): void {
  if (existsSync(folder)) {
    execFileSync('umount', ['--lazy', folder]);
  }
}

/** Fills a disk up to its last byte. */
function fill(folder: string): void {
  const path = join(folder, 'filler');
  for (const size of [1 << 20, 1 << 16, 1 << 12, 1]) {
    try {
      for (;;) {
        writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
      }
    } catch {
      // The next smaller piece may still fit.
    }
  }
}
