import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { findDaemon } from '../../../daemon/client/findDaemon.ts';
import { buildStatePaths, type Discovery } from '../../../daemon/protocol/discovery.ts';

const discovery: Discovery = {
  socket: '/run/daemon.sock',
  token: 'A'.repeat(43),
  pid: process.pid,
  startTime: '2026-01-01T00:00:00.000Z',
  version: '1.0.0',
  protocolVersion: 1,
  program: '/program/daemon.cjs',
};

describe('finding the daemon', () => {
  let folder = '';
  let path = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-find-'));
    path = buildStatePaths(folder).discovery;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (content: unknown, mode = 0o600) => {
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode });
    chmodSync(path, mode);
  };
  const reason = () => {
    const lookup = findDaemon(folder);
    return lookup.state === 'absent' ? lookup.reason : 'found';
  };

  it('L-06f gives what a living daemon wrote, also when a newer one wrote more', () => {
    write({ ...discovery, more: true });
    assert.deepEqual(findDaemon(folder), { state: 'found', discovery });
  });

  it('L-06f does not find what was never written', () => {
    assert.equal(reason(), 'No daemon has written its discovery file.');
  });

  it('L-06f does not believe a file whose process is gone', () => {
    // One more than the largest process id that Linux gives.
    write({ ...discovery, pid: 4_194_305 });
    assert.match(reason(), /\(process 4194305\) is gone/);
  });

  it('L-06f does not believe what no daemon writes', () => {
    for (const content of ['', '{', '[]', { ...discovery, token: 'short' }, { ...discovery, pid: -1 }]) {
      write(content);
      assert.match(reason(), /does not hold what a daemon writes/);
    }
  });

  it('L-06e does not believe a file that others can read or write', () => {
    for (const mode of [0o640, 0o604, 0o622, 0o666]) {
      write(discovery, mode);
      assert.match(reason(), /others/);
    }
  });

  it('L-06e does not believe a symbolic link', () => {
    write(discovery);
    renameSync(path, `${path}.real`);
    symlinkSync(`${path}.real`, path);
    assert.match(reason(), /is a symbolic link/);
  });
});
