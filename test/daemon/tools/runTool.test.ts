import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRedactor } from '../../../daemon/protocol/redaction/redact.ts';
import { listGroup, readProcess } from '../../../daemon/tools/process/processTable.ts';
import { type RunToolOptions, runTool } from '../../../daemon/tools/process/runTool.ts';
import { ToolError } from '../../../daemon/tools/process/toolError.ts';
import type { ToolOutput, ToolRun } from '../../../daemon/tools/process/toolRun.ts';

describe('runTool', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-run-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const options = (values: Partial<RunToolOptions> = {}): RunToolOptions => ({
    path: '/bin/sh',
    env: { PATH: '/usr/bin:/bin' },
    cwd: folder,
    timeoutMs: 10_000,
    ...values,
  });

  /** A run of a shell script that stands for a tool. */
  function script(text: string, values: Partial<ToolRun<ToolOutput>> = {}): ToolRun<ToolOutput> {
    const path = join(folder, 'tool.sh');
    writeFileSync(path, text);
    return { tool: 'git', args: [path], parse: output => output, ...values };
  }

  async function failure(run: ToolRun<unknown>, values: Partial<RunToolOptions> = {}): Promise<ToolError> {
    const error = await runTool(run, options(values)).then(
      () => assert.fail('it gave an answer'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ToolError, String(error));
    return error;
  }

  it('gives what parse makes of both streams', async () => {
    const output = await runTool(script('echo out; echo err >&2'), options());
    assert.deepEqual(output, { stdout: 'out\n', stderr: 'err\n', exitCode: 0 });
  });

  it("gives the run's own variables and nothing of the daemon's", async () => {
    process.env['SLIPWAY_TEST_LEAK'] = 'leak';
    const { stdout } = await runTool(script('env', { env: { OWN: '1' } }), options());
    delete process.env['SLIPWAY_TEST_LEAK'];
    assert.ok(stdout.includes('OWN=1'));
    assert.ok(!stdout.includes('leak'));
  });

  it('hands over the input', async () => {
    assert.equal((await runTool(script('cat', { input: 'hello' }), options())).stdout, 'hello');
  });

  it('takes an exit code that is an answer', async () => {
    assert.equal((await runTool(script('exit 3', { answers: [0, 3] }), options())).exitCode, 3);
  });

  it('throws with the exit code and the last words', async () => {
    const error = await failure(script('echo first >&2; echo "Error: no such thing" >&2; exit 4'));
    assert.equal(error.reason, 'failed');
    assert.equal(error.exitCode, 4);
    assert.equal(error.code, 'toolFailed');
    assert.match(error.message, /exit code 4: Error: no such thing/);
  });

  it('says that a tool is not there', async () => {
    const error = await failure(script(''), { path: join(folder, 'missing') });
    assert.equal(error.reason, 'notFound');
    assert.equal(error.code, 'toolMissing');
  });

  it('says that a file is no program', async () => {
    const path = join(folder, 'data');
    writeFileSync(path, 'x');
    chmodSync(path, 0o600);
    assert.equal((await failure(script(''), { path })).reason, 'notFound');
  });

  it('says that the folder is not there', async () => {
    const error = await failure(script(''), { cwd: join(folder, 'gone') });
    assert.match(error.message, /folder .*gone does not exist/);
  });

  it('says that the answer cannot be read', async () => {
    const error = await failure({ ...script('echo {'), parse: ({ stdout }) => JSON.parse(stdout) });
    assert.equal(error.reason, 'unreadable');
  });

  it('stops a tool that prints without end', async () => {
    const error = await failure(script('yes'), { maxBytes: 100_000 });
    assert.equal(error.reason, 'tooMuchOutput');
  });

  it('keeps only the end of a long standard error', async () => {
    const error = await failure(script('seq 1 100000 >&2; exit 1'));
    assert.ok(error.stderrTail.length < 5000);
    assert.match(error.stderrTail, /100000\n$/);
  });

  it('L-08e stops a tool at its time limit', async () => {
    const started = performance.now();
    const error = await failure(script('sleep 100'), { timeoutMs: 200 });
    assert.equal(error.reason, 'timedOut');
    assert.equal(error.code, 'timedOut');
    assert.ok(performance.now() - started < 3000);
  });

  it('L-08e kills a tool that ignores SIGTERM', async () => {
    const error = await failure(script("trap '' TERM; while :; do sleep 0.05; done"), {
      timeoutMs: 200,
      graceMs: 200,
    });
    assert.equal(error.reason, 'timedOut');
  });

  it('stops when the signal aborts, also before it began', async () => {
    const aborting = new AbortController();
    setTimeout(() => aborting.abort(), 100);
    assert.equal((await failure(script('sleep 100'), { signal: aborting.signal })).reason, 'cancelled');
    assert.equal((await failure(script('sleep 100'), { signal: aborting.signal })).reason, 'cancelled');
  });

  it('does not kill a tool that must not be killed', async () => {
    const run = script(
      `trap '' TERM; echo $$ > ${folder}/pid; while [ ! -e ${folder}/end ]; do sleep 0.05; done`,
      {
        neverKill: true,
      },
    );
    const error = await failure(run, { timeoutMs: 300, graceMs: 100 });
    assert.equal(error.reason, 'timedOut');
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    assert.ok(readProcess(pid), 'it still runs');
    writeFileSync(join(folder, 'end'), '');
    await until(() => readProcess(pid) === undefined);
  });

  for (const [ending, text] of [
    ['success', 'exit 0'],
    ['failure', 'exit 1'],
    ['a time limit', 'sleep 100'],
  ] as const) {
    it(`L-08c leaves no grandchild behind after ${ending}`, async () => {
      const run = script(`(trap '' TERM; sleep 100; sleep 100) & echo $$ > ${folder}/pid; ${text}`);
      const opts = options({ timeoutMs: ending === 'a time limit' ? 300 : 10_000, graceMs: 300 });
      await runTool(run, opts).catch(() => undefined);
      const group = Number(readFileSync(join(folder, 'pid'), 'utf8'));
      await until(() => listGroup(group).length === 0);
    });
  }

  for (const [ending, text, timeoutMs] of [
    ['failure', 'exit 1', 10_000],
    ['kill', 'kill -9 $$', 10_000],
    ['time limit', 'sleep 100', 300],
  ] as const) {
    it(`L-08d redacts what is said after a ${ending}`, async () => {
      const run = script(
        `echo "fetching https://u:hunter2@host/" >&2; echo my-own-secret; echo my-own-secret >&2; ${text}`,
        { env: { PW: 'my-own-secret' } },
      );
      const withArgs = { ...run, args: [...run.args, '--password', 'hunter2', '--set', 'a.token=hunter2'] };
      const redactor = buildRedactor(['my-own-secret']);
      const error = await failure(withArgs, { redactor, timeoutMs });
      const said = JSON.stringify([error, error.message, error.stack, error.details, error.stdoutTail]);
      assert.ok(!said.includes('hunter2'), said);
      assert.ok(!said.includes('my-own-secret'), said);
      assert.ok(error.stderrTail.includes('fetching'), said);
    });
  }

  it('L-08d redacts what is said of a tool that is not there', async () => {
    const run = { ...script(''), args: ['--password', 'hunter2'] };
    const error = await failure(run, { path: join(folder, 'missing') });
    const cause = error.cause as object;
    assert.ok(!JSON.stringify([error, error.stack, { ...cause }, String(cause)]).includes('hunter2'));
  });

  it('L-08f gives arguments to the tool as they are', async () => {
    const odd = ['$(touch x)', '; touch y', '`touch z`', 'a b', "it's", '*', 'line\nbreak', ''];
    const run = script('for a in "$@"; do printf "%s\\0" "$a"; done');
    const { stdout } = await runTool({ ...run, args: [...run.args, ...odd] }, options());
    assert.deepEqual(stdout.split('\0').slice(0, -1), odd);
  });
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `${condition} did not come true`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
