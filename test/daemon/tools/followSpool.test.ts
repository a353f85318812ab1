import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildRedactor, redactedMark } from '../../../daemon/protocol/redaction/redact.ts';
import { type FollowSpoolOptions, followSpool } from '../../../daemon/tools/process/followSpool.ts';
import { readSpool, readWholeSpool, type SpoolPiece } from '../../../daemon/tools/process/readSpool.ts';
import { startSpooledTool } from '../../../daemon/tools/process/spooledTool.ts';
import { SpoolBench } from './spoolBench.ts';
import { until } from './until.ts';

const redactor = buildRedactor(['correct-horse-bätter']);

describe('following a spool', () => {
  let bench: SpoolBench;
  beforeEach(() => {
    bench = new SpoolBench();
    mkdirSync(dirname(bench.spool), { recursive: true });
  });
  afterEach(() => bench.dispose());

  async function collect(options: Partial<FollowSpoolOptions> = {}): Promise<SpoolPiece[]> {
    const pieces: SpoolPiece[] = [];
    const ended = Promise.resolve();
    for await (const piece of followSpool(bench.spool, { offset: 0, redactor, ended, ...options })) {
      pieces.push(piece);
    }
    return pieces;
  }

  const textOf = (pieces: readonly SpoolPiece[]) => pieces.map(piece => piece.text).join('');

  it('gives what is there, then what comes, then the end', async () => {
    writeFileSync(bench.spool, 'one\n');
    const ended = Promise.withResolvers<void>();
    const pieces: SpoolPiece[] = [];
    const following = (async () => {
      for await (const piece of followSpool(bench.spool, { offset: 0, redactor, ended: ended.promise })) {
        pieces.push(piece);
      }
    })();
    await until(() => textOf(pieces) === 'one\n');
    appendFileSync(bench.spool, 'two\nthr');
    await until(() => textOf(pieces) === 'one\ntwo\n');
    appendFileSync(bench.spool, 'ee\nunfinished');
    await until(() => textOf(pieces) === 'one\ntwo\nthree\n');
    ended.resolve();
    await following;
    assert.equal(textOf(pieces), 'one\ntwo\nthree\nunfinished');
    assert.deepEqual(
      pieces.map(piece => piece.ended),
      [...pieces.slice(1).map(() => false), true],
    );
  });

  it('sees a line within the time people notice', async () => {
    writeFileSync(bench.spool, '');
    const ended = Promise.withResolvers<void>();
    const follower = followSpool(bench.spool, { offset: 0, redactor, ended: ended.promise });
    const next = follower.next();
    // It must be waiting by then, which it does not show; had it not begun, it would read the line at once.
    await new Promise(resolve => setTimeout(resolve, 50));
    const written = performance.now();
    appendFileSync(bench.spool, 'line\n');
    await next;
    assert.ok(performance.now() - written < 500, 'the poll alone would take up to a second');
    await follower.return(undefined);
  });

  it('waits for a spool that is not there yet', async () => {
    const ended = Promise.withResolvers<void>();
    const follower = followSpool(bench.spool, { offset: 0, redactor, ended: ended.promise });
    const next = follower.next();
    writeFileSync(bench.spool, 'line\n');
    assert.equal((await next).value?.text, 'line\n');
    await follower.return(undefined);
  });

  it('ends at once for a spool that will never be there', async () => {
    assert.deepEqual(await collect(), [{ offset: 0, text: '', nextOffset: 0, ended: true }]);
  });

  it('stops when the signal aborts', async () => {
    writeFileSync(bench.spool, 'one\n');
    const aborting = new AbortController();
    setTimeout(() => aborting.abort(), 50);
    const pieces = await collect({ ended: new Promise(() => undefined), signal: aborting.signal });
    assert.equal(textOf(pieces), 'one\n');
  });

  it('resumes at the end of any piece without a gap or a repetition', async () => {
    const text = Array.from({ length: 400 }, (_, index) => `line ${index} 世界 password=hunter2\n`).join('');
    writeFileSync(bench.spool, text);
    const whole = redactor.redact(text);
    const pieces = await collect({ limit: 1000 });
    assert.equal(textOf(pieces), whole);
    assert.ok(pieces.length > 10);
    let before = '';
    for (const piece of pieces) {
      assert.equal(before + textOf(await collect({ offset: piece.offset })), whole);
      before += piece.text;
    }
  });

  it('keeps each piece within its limit', async () => {
    writeFileSync(bench.spool, 'x'.repeat(300_000));
    for (const { offset, nextOffset } of await collect({ limit: 10_000 })) {
      assert.ok(nextOffset - offset <= 10_000);
    }
  });

  it('L-08d shows no part of a secret wherever somebody begins to read', () => {
    const secret = 'correct-horse-bätter';
    const text = `a\npassword=hunter2x ${secret} b\n-----BEGIN PRIVATE KEY-----\nMIIhunter2x\n-----END PRIVATE KEY-----\nend\n`;
    writeFileSync(bench.spool, text);
    for (let offset = 0; offset <= Buffer.byteLength(text); offset++) {
      const piece = readSpool(bench.spool, { offset, redactor, ended: true });
      assert.ok(!/unter2x|nter2|orse-b|tter|MII/.test(piece.text), `from ${offset}: ${piece.text}`);
      assert.equal(piece.nextOffset, Buffer.byteLength(text));
    }
  });

  describe('a Secret of a megabyte that helm repeats', () => {
    const repeat = (kind: string, value: string) =>
      `Invalid value: ${JSON.stringify(JSON.stringify({ data: { key: value }, kind }))}: illegal base64\n`;
    const megabyte = 'hunter2 '.repeat(125_000);
    const shown = 'begin\nError: Invalid value: "(redacted)": illegal base64\n';

    it('L-14g shows nothing of it while it comes bit by bit, and what stands around it', async () => {
      const text = `begin\nError: ${repeat('Secret', megabyte)}`;
      writeFileSync(bench.spool, '');
      const ended = Promise.withResolvers<void>();
      const pieces: SpoolPiece[] = [];
      const following = (async () => {
        for await (const piece of followSpool(bench.spool, { offset: 0, redactor, ended: ended.promise })) {
          pieces.push(piece);
        }
      })();
      try {
        for (let from = 0; from < text.length; from += 100_000) {
          appendFileSync(bench.spool, text.slice(from, from + 100_000));
          await until(() => textOf(pieces).startsWith('begin\n'));
          assert.ok(!textOf(pieces).includes('hunter2'));
        }
        await until(() => textOf(pieces) === shown);
        appendFileSync(bench.spool, 'and on\n');
        await until(() => textOf(pieces) === `${shown}and on\n`);
      } finally {
        ended.resolve();
        await following;
      }
      assert.equal(textOf(pieces), `${shown}and on\n`);
    });

    it('L-14g shows nothing of one that was cut off', async () => {
      writeFileSync(bench.spool, `begin\nError: ${repeat('Secret', megabyte).slice(0, 900_000)}`);
      assert.equal(textOf(await collect()).slice(0, 100), 'begin\nError: Invalid value: "(redacted)');
    });

    it('L-14g shows nothing of it to whoever begins to read in its middle', async () => {
      const whole = `begin\nError: ${repeat('Secret', megabyte)}`;
      writeFileSync(bench.spool, whole);
      for (let offset = 50; offset < whole.length; offset += 99_991) {
        const text = textOf(await collect({ offset })).slice(0, 100);
        assert.equal(text, '(redacted)": illegal base64\n', `from ${offset}`);
      }
    });

    it('shows another object whole, and every byte of a long line', async () => {
      const text = `${repeat('ConfigMap', megabyte)}${'x'.repeat(300_000)}\nend\n`;
      writeFileSync(bench.spool, text);
      assert.ok(textOf(await collect()) === text);
    });
  });

  it('reads the end of a long output whole', () => {
    writeFileSync(bench.spool, `${'x\n'.repeat(200_000)}token=hunter2\nend\n`);
    const { text, cut } = readWholeSpool(bench.spool, { redactor, maxBytes: 100_000 });
    assert.ok(cut);
    assert.ok(text.length <= 100_100 && text.length > 90_000);
    assert.ok(text.endsWith(`token=${redactedMark}\nend\n`));
  });

  it('reads an output whole when there is none', () => {
    assert.deepEqual(readWholeSpool(bench.spool, { redactor, maxBytes: 1000 }), { text: '', cut: false });
  });

  it('L-08a gives 50,000 lines of a running tool, each once', async () => {
    const script = 'i=0; while [ $i -lt 50000 ]; do i=$((i+1)); echo "line $i"; done';
    const tool = await startSpooledTool(bench.options(script));
    const shown = textOf(await collect({ ended: tool.done }));
    const lines = shown.split('\n');
    assert.equal(lines.length, 50_001);
    assert.ok(lines.every((line, index) => line === (index < 50_000 ? `line ${index + 1}` : '')));
  });

  const secrets = [
    'echo "cloning https://bob:hunter2@host/x"',
    'echo correct-horse-b',
    'sleep 0.05',
    'printf "correct-horse-b\\303"; sleep 0.05; printf "\\244tter and more\\n"',
    'echo "$PW" >&2',
    'printf "password: hunter2"',
  ].join('\n');
  for (const [ending, script, timeoutSeconds] of [
    ['success', `${secrets}\nexit 0`, 60],
    ['failure', `${secrets}\nexit 1`, 60],
    ['kill', `${secrets}\nkill -9 $$`, 60],
    ['time limit', `${secrets}\nsleep 100`, 0.5],
  ] as const) {
    it(`L-08d shows no secret after a ${ending}, while it runs or afterwards`, async () => {
      const options = bench.options(script, { timeoutSeconds });
      const env = { ...options.env, PW: 'correct-horse-bätter' };
      const tool = await startSpooledTool({ ...options, env });
      const shown = textOf(await collect({ ended: tool.done }));
      const { text } = readWholeSpool(bench.spool, { redactor, maxBytes: 1_000_000 });
      for (const output of [shown, text]) {
        assert.ok(!/hunter2|orse-bätter/.test(output), output);
        assert.ok(output.includes(`cloning https://bob:${redactedMark}@host/x\n`), output);
        assert.ok(output.includes(`${redactedMark} and more\n`), output);
      }
      assert.ok(bench.read().includes('hunter2'), 'the tool did print it');
    });
  }
});
