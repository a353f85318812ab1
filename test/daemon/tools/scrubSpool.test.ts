import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRedactor } from '../../../daemon/protocol/redaction/redact.ts';
import { readWholeSpool } from '../../../daemon/tools/process/readSpool.ts';
import { scrubSpool } from '../../../daemon/tools/process/scrubSpool.ts';

const redactor = buildRedactor(['correct-horse']);
const secret = JSON.stringify('{"data":{"key":"hunter2"},"kind":"Secret"}');
const texts: readonly (readonly [string, string])[] = [
  ['a password', 'begin\npassword=hunter2hunter2 x\nend\n'],
  ['a short password', 'begin\npassword=hunter2 x\nend\n'],
  ['a known value', 'it is correct-horse, is it\n'],
  ['a Secret that helm repeats', `Error: Invalid value: ${secret}: illegal base64\n`],
  ['a private key', 'begin\n-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\nend\n'],
  ['a password behind some megabytes', `${'line\n'.repeat(1_200_000)}password=hunter2hunter2\nend\n`],
  [
    'a password on the edge of two parts',
    `${'x'.repeat(4 * 1024 * 1024 - 12)}\npassword=hunter2hunter2\nend\n`,
  ],
];

describe('the spool of a tool that has ended', () => {
  let folder: string;
  let spool: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-scrub-'));
    spool = join(folder, 'spool.log');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const show = () => readWholeSpool(spool, { redactor, maxBytes: 10 * 1024 * 1024 }).text;

  for (const [what, text] of texts) {
    it(`L-14g keeps nothing of ${what}, and every byte around it`, () => {
      writeFileSync(spool, text);
      const shown = show();
      scrubSpool(spool, redactor);
      const bytes = readFileSync(spool, 'latin1');
      assert.ok(!/hunter2|correct-horse/.test(bytes));
      assert.equal(bytes.length, text.length);
      assert.equal(bytes.slice(0, 5) + bytes.slice(-5), text.slice(0, 5) + text.slice(-5));
      assert.equal(show().replaceAll('*******', '(redacted)'), shown);
    });
  }

  it('L-14g keeps nothing of a Secret of a megabyte that helm repeats, and shows nothing of it', () => {
    const value = 'hunter2 '.repeat(125_000);
    const long = JSON.stringify(JSON.stringify({ data: { key: value }, kind: 'Secret' }));
    writeFileSync(spool, `begin\nError: Invalid value: ${long}: illegal base64\nend\n`);
    scrubSpool(spool, redactor);
    assert.ok(!readFileSync(spool, 'latin1').includes('hunter2'));
    assert.equal(show(), 'begin\nError: Invalid value: "(redacted)": illegal base64\nend\n');
  });

  it('stays as it is without a secret, and may be gone', () => {
    writeFileSync(spool, 'Release "kosmos" has been upgraded. Happy Helming!\n');
    scrubSpool(spool, redactor);
    assert.equal(readFileSync(spool, 'utf8'), 'Release "kosmos" has been upgraded. Happy Helming!\n');
    rmSync(spool);
    scrubSpool(spool, redactor);
  });
});
