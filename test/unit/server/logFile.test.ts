import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { openLogFile } from '../../../daemon/server/logFile.ts';

describe('the log', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('holds one line per entry, whatever the texts hold', () => {
    const path = join(folder, 'daemon.log');
    const log = openLogFile({ path });
    log.info('ready', { pid: 7, ok: true, gone: undefined });
    log.error('a tool said \u001b[31mred\u001b[0m\n2026-01-01 forged', { text: 'two\nlines\u0007' });
    log.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z info {2}ready pid=7 ok=true$/);
    assert.match(
      lines[1] ?? '',
      / error a tool said {1,2}\[31mred \[0m 2026-01-01 forged text="two\\nlines\\u0007"$/,
    );
  });

  it('never grows past its limit, keeps two older files, and is private', () => {
    const path = join(folder, 'daemon.log');
    const log = openLogFile({ path, fileBytes: 1_000 });
    for (let index = 0; index < 200; index++) {
      log.info(`entry ${index}`);
    }
    log.close();
    assert.deepEqual(readdirSync(folder).sort(), ['daemon.log', 'daemon.log.1', 'daemon.log.2']);
    for (const name of readdirSync(folder)) {
      const { size, mode } = statSync(join(folder, name));
      assert.ok(size < 1_200, `${name} has ${size} bytes`);
      assert.equal(mode & 0o777, 0o600);
    }
    assert.match(readFileSync(path, 'utf8'), /entry 199\n$/);
  });

  it('goes on where it was after a restart', () => {
    const path = join(folder, 'daemon.log');
    for (const text of ['first', 'second']) {
      const log = openLogFile({ path });
      log.info(text);
      log.close();
    }
    assert.match(readFileSync(path, 'utf8'), /first\n.*second\n$/);
  });
});
