import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stripControlCharacters } from '../../../daemon/protocol/redaction/controlCharacters.ts';
import { buildRedactor, redactedMark } from '../../../daemon/protocol/redaction/redact.ts';

const patterns = buildRedactor();

/** What Helm 3 says when the API server cannot read its patch of a Secret. */
function repeatSecret(quote: (text: string) => string): string {
  const secret = { apiVersion: 'v1', data: { queue: 'hunter2 "}\\', other: 'hunter2' }, kind: 'Secret' };
  return `cannot patch "agent" with kind Secret:  "" is invalid: patch: Invalid value: ${quote(JSON.stringify(secret))}: illegal base64`;
}

describe('the redactor', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['password in a URL', 'cloning https://bob:hunter2@git.example/x.git failed'],
    ['password with an @ in a URL', 'dial postgres://bob:hun@hunter2@db/x'],
    ['token as a URL user', 'https://glpat-hunter2hunter2@gitlab.example/x'],
    ['bearer token', 'Authorization: Bearer hunter2hunter2'],
    ['basic credentials', 'authorization: Basic hunter2=='],
    ['flag with =', 'helm fetch --password=hunter2 --username bob'],
    ['flag with a space', 'helm registry login --password hunter2 host'],
    ['--set of a password', 'upgrade --set db.password=hunter2 --wait'],
    ['variable', 'FLYWAY_PASSWORD=hunter2'],
    ['query', 'jdbc:postgresql://db/x?user=u&password=hunter2&ssl=true'],
    ['line of YAML', 'db:\n  password: hunter2 with words\n'],
    ['quoted YAML', '  adminPassword: "hunter2 \\" hunter2"'],
    ['list item', '- token: hunter2'],
    ['line of a diff', '+  apiKey: hunter2'],
    ['JSON', '{"user":"u","password":"hunter2"}'],
    ['JSON inside JSON', '{\\"password\\":\\"hunter2\\"}'],
    ['argument in a list', '["helm","registry","login","--password","hunter2","host"]'],
    ['argument in a list of lines', '[\n  "--api-key",\n  "hunter2"\n]'],
    ['unclosed quote', 'password="hunter2 hunter2'],
    ['private key', '-----BEGIN RSA PRIVATE KEY-----\nhunter2\nhunter2\n-----END RSA PRIVATE KEY-----\n'],
    ['private key without an end', 'x\n-----BEGIN PRIVATE KEY-----\nhunter2\n'],
    ['JWT', 'got eyJhbGciOiJIUzI1.eyJodW50ZXIy0000.hunter2hunter2'],
    ['key of a kubeconfig', 'client-key-data: hunter2'],
    ['Secret that helm repeats', repeatSecret(text => JSON.stringify(text))],
    ['Secret that helm repeats in a log', JSON.stringify(repeatSecret(text => JSON.stringify(text)))],
    ['Secret that helm repeats without an end', repeatSecret(text => JSON.stringify(text).slice(0, -20))],
  ];
  for (const [name, text] of cases) {
    it(`L-08d hides a ${name}`, () => {
      const shown = patterns.redact(text);
      assert.ok(!shown.includes('hunter2'), shown);
      assert.ok(shown.includes(redactedMark), shown);
    });
  }

  it('L-14g shows what is said about a Secret that is repeated, and repeats other objects', () => {
    const said = repeatSecret(text => JSON.stringify(text));
    assert.equal(
      patterns.redact(`${said}\nnext`),
      `cannot patch "agent" with kind Secret:  "" is invalid: patch: Invalid value: "${redactedMark}": illegal base64\nnext`,
    );
    const other = said.replaceAll('Secret', 'ConfigMap').replaceAll('hunter2', 'blue');
    assert.equal(patterns.redact(other), other);
  });

  it('L-14g hides a repeated Secret however long it is, where the whole text is known', () => {
    const long = JSON.stringify(JSON.stringify({ data: { key: 'k'.repeat(200_000) }, kind: 'Secret' }));
    assert.equal(patterns.redact(`Invalid value: ${long}.`), `Invalid value: "${redactedMark}".`);
  });

  it('hides a base64 key inside a Secret', () => {
    const data = Buffer.from(`-----BEGIN RSA PRIVATE KEY-----\n${'k'.repeat(60)}`).toString('base64');
    assert.equal(patterns.redact(`tls.key: ${data}`), `tls.key: ${redactedMark}`);
  });

  for (const text of [
    'Error: UPGRADE FAILED: resource Deployment/kosmos/agent-name not ready. status: InProgress',
    'Error: secrets "x" is forbidden: User "alice" cannot list resource "secrets"',
    'the token: it has expired',
    'Release "kosmos" has been upgraded. Happy Helming!',
    'https://prom.kosmos.internal:9090/graph?x=1@2',
  ]) {
    it(`leaves alone: ${text}`, () => {
      assert.equal(patterns.redact(text), text);
    });
  }

  it('hides a known secret also in base64, in a URL and in JSON', () => {
    const secret = 'p@ss "wörd"/1';
    const redactor = buildRedactor([secret]);
    const text = [
      secret,
      Buffer.from(secret).toString('base64'),
      encodeURIComponent(secret),
      JSON.stringify(secret),
    ].join(' | ');
    assert.equal(
      redactor.redact(text),
      `${redactedMark} | ${redactedMark} | ${redactedMark} | "${redactedMark}"`,
    );
  });

  it('hides a short known secret only where it stands alone', () => {
    assert.equal(
      buildRedactor(['abc']).redact('abc abcd xabc abc.'),
      `${redactedMark} abcd xabc ${redactedMark}.`,
    );
  });

  it('hides the value after a flag that names a secret', () => {
    assert.deepEqual(
      patterns.redactArgs(['login', '--password', 'hunter2', '--token', '--x', '--set', 'a.token=b']),
      ['login', '--password', redactedMark, '--token', '--x', '--set', `a.token=${redactedMark}`],
    );
  });

  it('does not take long for a line without end', () => {
    const started = performance.now();
    for (const line of [
      'a'.repeat(200_000),
      '-'.repeat(200_000),
      '{'.repeat(200_000),
      'eyJ-'.repeat(20_000),
    ]) {
      patterns.redact(line);
    }
    const took = performance.now() - started;
    assert.ok(took < 5000, `${took} ms`);
  });
});

describe('a growing output', () => {
  const secret = 'hünter-2\nsecond-line';
  const redactor = buildRedactor([secret]);

  /** Feeds an output in chunks as a follower reads it: each piece begins where the last one ended. */
  function showInChunks(bytes: Buffer, cuts: readonly number[], limit: number): string {
    let from = 0;
    let shown = '';
    for (const cut of [...cuts, bytes.length]) {
      const final = cut === bytes.length;
      for (;;) {
        const piece = redactor.show(bytes.subarray(0, cut), { from, limit, final });
        shown += piece.text;
        if (piece.end === from) {
          break;
        }
        from = piece.end;
      }
    }
    assert.equal(from, bytes.length);
    return shown;
  }

  const line = fc.oneof(
    fc.constant(secret),
    fc.constant(`db.password=hünter-2`),
    fc.constant('-----BEGIN PRIVATE KEY-----\nhünter-2\n-----END PRIVATE KEY-----'),
    fc.constant('https://u:hünter-2@h/'),
    fc.constant(`Invalid value: ${JSON.stringify('{"data":{"x":"hünter-2 }"},"kind":"Secret"}')}: illegal`),
    fc.constant('done 世界 \u{1f600}'),
    fc.constant('with a carriage return\r'),
    fc.string({ unit: 'grapheme', maxLength: 30 }).filter(text => !/\p{Cc}/u.test(text)),
  );

  it('L-08d hides a secret that is split at any byte', () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.nat(),
        (lines, first, second) => {
          const text = `${lines.join('\n')}\n`;
          const bytes = Buffer.from(text);
          const cuts = [first % bytes.length, second % bytes.length].sort((left, right) => left - right);
          const shown = showInChunks(bytes, cuts, 64 * 1024);
          assert.ok(!shown.includes('hünter-2'), shown);
          assert.equal(shown, redactor.redact(stripControlCharacters(text)));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('L-08d hides a secret at every split, byte by byte', () => {
    const text = `a\npassword=hünter-2 b\n${secret}\n-----BEGIN PRIVATE KEY-----\nhünter-2\n-----END PRIVATE KEY-----\n`;
    const bytes = Buffer.from(text);
    for (let cut = 0; cut < bytes.length; cut++) {
      assert.equal(showInChunks(bytes, [cut], 64 * 1024), redactor.redact(text), `split at ${cut}`);
    }
    assert.equal(
      showInChunks(bytes, [...bytes.keys()], 64 * 1024),
      redactor.redact(text),
      'every byte by itself',
    );
  });

  it('shows small pieces without cutting a character or a secret', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.integer({ min: 1, max: 40 }), (lines, limit) => {
        const text = `${lines.join('\n')}\n`;
        assert.equal(
          showInChunks(Buffer.from(text), [], limit),
          redactor.redact(stripControlCharacters(text)),
        );
      }),
    );
  });

  it('L-08d hides a secret in a line that is far longer than what is held back', () => {
    const text = `${'x'.repeat(50_000)} password=hünter-2 ${'y'.repeat(150_000)}`;
    const bytes = Buffer.from(text);
    const cuts = Array.from({ length: 60 }, (_, index) => index * 3400);
    assert.equal(showInChunks(bytes, cuts, 64 * 1024), redactor.redact(text));
  });

  it('goes on over bytes that are no text', () => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, () => 0x80));
    assert.ok(showInChunks(bytes, [10, 500], 64).length > 0);
  });

  it('takes terminal codes out', () => {
    const bytes = Buffer.from(
      '\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007\r\n50%\r100%\u0007\n',
    );
    assert.equal(redactor.show(bytes, { from: 0, limit: 1000, final: true }).text, 'red link\n50%\n100%\n');
  });

  it('keeps what follows a terminal code without an end', () => {
    const bytes = Buffer.from('\u001b]0;a title and the rest\n\u001bPq\n\u001b[3');
    const shown = redactor.show(bytes, { from: 0, limit: 1000, final: true }).text;
    assert.equal(shown, '0;a title and the rest\nq\n3');
  });

  it('L-08d finds a known secret that terminal codes split', () => {
    const bytes = Buffer.from('correct-\u001b[1mhorse\n');
    const shown = buildRedactor(['correct-horse']).show(bytes, { from: 0, limit: 1000, final: true }).text;
    assert.equal(shown, `${redactedMark}\n`);
  });
});
