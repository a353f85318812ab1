import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { adoptSpooledTool } from '../../../daemon/tools/process/adoptSpooledTool.ts';
import { faultPoints } from '../../../daemon/tools/process/faults.ts';
import { listGroup, listSpoolProcesses, readProcess } from '../../../daemon/tools/process/processTable.ts';
import { startSpooledTool } from '../../../daemon/tools/process/spooledTool.ts';
import { spoolShell } from '../../../daemon/tools/process/spoolShell.ts';
import { ToolError } from '../../../daemon/tools/process/toolError.ts';
import { SpoolBench } from './spoolBench.ts';
import { until } from './until.ts';

/** Writes 25,000 numbered lines, waits for the file `go`, writes 25,000 more and ends with code 7. */
const numberedLines = [
  'i=0',
  'while [ $i -lt 25000 ]; do i=$((i+1)); echo "line $i"; done',
  'echo > half',
  'while [ ! -e go ]; do sleep 0.02; done',
  'while [ $i -lt 50000 ]; do i=$((i+1)); echo "line $i"; done',
  'exit 7',
].join('\n');

const allLines = Array.from({ length: 50_000 }, (_, index) => `line ${index + 1}\n`).join('');

describe('a spooled tool', () => {
  let bench: SpoolBench;
  beforeEach(() => {
    bench = new SpoolBench();
  });
  afterEach(() => bench.dispose());

  describe('started by this process', () => {
    it('keeps its exit code and both output streams in order', async () => {
      const tool = await startSpooledTool(bench.options('echo one; echo two >&2; echo three; exit 3'));
      assert.deepEqual(await tool.done, { code: 3, reason: 'exited' });
      assert.equal(bench.read(), 'one\ntwo\nthree\n');
    });

    it('says its pid and start time', async () => {
      const tool = await startSpooledTool(bench.options('sleep 100'));
      assert.equal(readProcess(tool.pid)?.startTime, tool.startTime);
      assert.match(tool.startTime, /^\d+$/);
      tool.interrupt();
      await tool.done;
    });

    it('says its start time also when it has ended at once', async () => {
      assert.match((await startSpooledTool(bench.options('exit 0'))).startTime, /^\d+$/);
    });

    it('keeps its output from other users', async () => {
      await (await startSpooledTool(bench.options('exit 0'))).done;
      assert.equal(statSync(bench.spool).mode & 0o777, 0o600);
      assert.equal(statSync(dirname(bench.spool)).mode & 0o777, 0o700);
    });

    it('is given its environment, and of ours nothing', async () => {
      process.env['SLIPWAY_TEST_LEAK'] = 'leak';
      const options = bench.options('env');
      await (await startSpooledTool({ ...options, env: { ...options.env, OWN: '1' } })).done;
      delete process.env['SLIPWAY_TEST_LEAK'];
      assert.match(bench.read(), /^OWN=1$/m);
      assert.doesNotMatch(bench.read(), /leak/);
    });

    it('L-08f gets its arguments as they are', async () => {
      const odd = [
        '$(touch x)',
        '; touch y',
        '`touch z`',
        'a b',
        "it's",
        '"',
        '*',
        'line\nbreak',
        '',
        '-c',
        '--',
      ];
      const tool = await startSpooledTool(
        bench.options('for a in "$@"; do printf "[%s]" "$a"; done', { args: odd }),
      );
      await tool.done;
      assert.equal(bench.read(), odd.map(arg => `[${arg}]`).join(''));
    });

    it('never writes over an older spool', async () => {
      await (await startSpooledTool(bench.options('echo first'))).done;
      await assert.rejects(startSpooledTool(bench.options('echo second')), { code: 'EEXIST' });
      assert.equal(bench.read(), 'first\n');
    });

    it('says that the tool is not there, and starts nothing', async () => {
      const options = bench.options('', { path: join(bench.folder, 'missing') });
      await assert.rejects(startSpooledTool(options), (error: unknown) => {
        assert.ok(error instanceof ToolError);
        return error.reason === 'notFound';
      });
      assert.ok(!existsSync(bench.spool));
    });

    it('says that its folder is not there', async () => {
      const options = bench.options('', { cwd: join(bench.folder, 'missing') });
      await assert.rejects(startSpooledTool(options), ToolError);
    });

    it('is told to end with SIGINT, and its own exit code is kept', async () => {
      const script = `trap 'echo cleaning up; exit 5' INT; echo ready; while :; do sleep 0.02; done`;
      const tool = await startSpooledTool(bench.options(script));
      await until(() => bench.read().includes('ready'));
      tool.interrupt();
      assert.deepEqual(await tool.done, { code: 5, reason: 'cancelled' });
      assert.match(bench.read(), /cleaning up/);
    });

    it('is told as exited when it finished well in spite of SIGINT', async () => {
      const tool = await startSpooledTool(
        bench.options(`trap : INT; echo ready; while [ ! -e go ]; do sleep 0.02; done; exit 0`),
      );
      await until(() => bench.read().includes('ready'));
      tool.interrupt();
      bench.touch('go');
      assert.deepEqual(await tool.done, { code: 0, reason: 'exited' });
    });

    it('L-08e is told to end when its time is up', async () => {
      const script = `trap 'exit 6' INT; while :; do sleep 0.02; done`;
      const tool = await startSpooledTool(bench.options(script, { timeoutSeconds: 0.3 }));
      assert.deepEqual(await tool.done, { code: 6, reason: 'timedOut' });
    });

    it('L-08e is killed after the grace when it does not end', async () => {
      const script = `trap '' INT TERM; while :; do sleep 0.02; done`;
      const tool = await startSpooledTool(bench.options(script, { timeoutSeconds: 0.2, graceMs: 200 }));
      assert.deepEqual(await tool.done, { code: null, reason: 'timedOut' });
      tool.interrupt();
      await until(() => listGroup(tool.pid).length === 0);
    });

    it('is never killed while it holds a release', async () => {
      const script = `trap 'echo asked' INT; while [ ! -e go ]; do sleep 0.02; done; exit 4`;
      const tool = await startSpooledTool(
        bench.options(script, { timeoutSeconds: 0.2, graceMs: 50, neverKill: true }),
      );
      await until(() => bench.read().includes('asked'));
      // Nothing is to come: ten times the grace.
      const first = await Promise.race([tool.done, new Promise(resolve => setTimeout(resolve, 500))]);
      assert.equal(first, undefined, 'it goes on after the grace');
      bench.touch('go');
      assert.deepEqual(await tool.done, { code: 4, reason: 'timedOut' });
    });

    // A killed process is in the table until the system has taken it apart, which a busy machine does late.
    it('L-08c leaves nothing of its process group behind', async () => {
      const script = `(trap '' INT TERM; sleep 100; sleep 100) & (sleep 100 &) ; exit 0`;
      const tool = await startSpooledTool(bench.options(script));
      assert.deepEqual(await tool.done, { code: 0, reason: 'exited' });
      await until(() => listGroup(tool.pid).length === 0);
      assert.deepEqual(listSpoolProcesses(bench.spool), []);
    });

    it('L-08c leaves nothing behind when it is interrupted', async () => {
      const script = `(trap '' INT TERM; sleep 100; sleep 100) & echo ready; sleep 100`;
      const tool = await startSpooledTool(bench.options(script));
      await until(() => bench.read().includes('ready'));
      tool.interrupt();
      assert.equal((await tool.done).reason, 'cancelled');
      await until(() => listSpoolProcesses(bench.spool).length === 0);
    });

    it('is awaited when somebody kills its shell, and then lost', async () => {
      const script = 'echo ready; while [ ! -e go ]; do sleep 0.02; done; echo last words';
      const tool = await startSpooledTool(bench.options(script, { neverKill: true }));
      await until(() => bench.read().includes('ready'));
      process.kill(tool.pid, 'SIGKILL');
      await until(() => readProcess(tool.pid) === undefined);
      bench.touch('go');
      assert.deepEqual(await tool.done, { code: null, reason: 'lost' });
      assert.match(bench.read(), /last words/);
    });
  });

  describe('whose daemon is killed', () => {
    it('L-08a goes on, and its output is complete', async () => {
      const parent = bench.startParent(bench.options(numberedLines));
      await until(() => existsSync(join(bench.folder, 'half')));
      parent.kill('SIGKILL');
      await once(parent, 'exit');
      assert.ok(!existsSync(`${bench.spool}.code`), 'it still runs');
      bench.touch('go');
      await until(() => existsSync(`${bench.spool}.code`));
      assert.equal(bench.read(), allLines);
    });

    it('L-08b is adopted while it runs, and its exit code is kept', async () => {
      const parent = bench.startParent(bench.options(numberedLines));
      await until(() => existsSync(join(bench.folder, 'half')));
      parent.kill('SIGKILL');
      await once(parent, 'exit');
      const lines: string[] = [];
      const adopting = bench.adoptElsewhere(lines);
      await until(() => lines.length > 0);
      bench.touch('go');
      assert.deepEqual(await adopting, ['running', '{"code":7,"reason":"exited"}']);
      assert.equal(bench.read(), allLines);
    });

    it('L-08b is adopted after it ended, and its exit code is kept', async () => {
      const parent = bench.startParent(bench.options(numberedLines));
      await until(() => existsSync(join(bench.folder, 'half')));
      parent.kill('SIGKILL');
      bench.touch('go');
      await until(() => existsSync(`${bench.spool}.code`));
      await until(() => listSpoolProcesses(bench.spool).length === 0);
      assert.deepEqual(await bench.adoptElsewhere(), ['ended', '{"code":7,"reason":"exited"}']);
    });

    it('is interrupted by the daemon that adopted it', async () => {
      const script = `trap 'exit 5' INT; echo ready; while :; do sleep 0.02; done`;
      const parent = bench.startParent(bench.options(script));
      await until(() => existsSync(bench.spool) && bench.read().includes('ready'));
      parent.kill('SIGKILL');
      const adopted = await adoptSpooledTool(bench.adoption());
      assert.ok(adopted.state === 'running');
      adopted.tool.interrupt();
      assert.deepEqual(await adopted.tool.done, { code: 5, reason: 'cancelled' });
    });

    it('L-08e keeps its time limit, counted from its own start', async () => {
      const script = `trap 'exit 6' INT; echo ready; while :; do sleep 0.02; done`;
      const parent = bench.startParent(bench.options(script));
      await until(() => existsSync(bench.spool) && bench.read().includes('ready'));
      parent.kill('SIGKILL');
      const adopted = await adoptSpooledTool(bench.adoption({ timeoutSeconds: 0.01 }));
      assert.ok(adopted.state === 'running');
      assert.deepEqual(await adopted.tool.done, { code: 6, reason: 'timedOut' });
    });

    it('is told as cancelled also when the daemon that asked it to end died meanwhile', async () => {
      const script = `trap 'echo asked; while [ ! -e go ]; do sleep 0.02; done; exit 5' INT; echo ready; while :; do sleep 0.02; done`;
      const tool = await startSpooledTool(bench.options(script, { neverKill: true }));
      await until(() => bench.read().includes('ready'));
      tool.interrupt();
      await until(() => bench.read().includes('asked'));
      const adopted = await adoptSpooledTool(bench.adoption({ neverKill: true }));
      bench.touch('go');
      assert.ok(adopted.state === 'running');
      assert.deepEqual(await adopted.tool.done, { code: 5, reason: 'cancelled' });
    });

    it('is found when its shell was killed too and the tool alone goes on', async () => {
      const parent = bench.startParent(
        bench.options('echo ready; while [ ! -e go ]; do sleep 0.02; done; echo last words'),
      );
      await until(() => existsSync(bench.spool) && bench.read().includes('ready'));
      parent.kill('SIGKILL');
      process.kill(Number(readFileSync(`${bench.spool}.pid`, 'utf8')), 'SIGKILL');
      const adopted = await adoptSpooledTool(bench.adoption({ neverKill: true }));
      assert.ok(adopted.state === 'running');
      bench.touch('go');
      assert.deepEqual(await adopted.tool.done, { code: null, reason: 'lost' });
      assert.match(bench.read(), /last words/);
    });

    it('is lost when everything was killed', async () => {
      const parent = bench.startParent(bench.options('echo ready; sleep 100'));
      await until(() => existsSync(bench.spool) && bench.read().includes('ready'));
      parent.kill('SIGKILL');
      const pid = Number(readFileSync(`${bench.spool}.pid`, 'utf8'));
      process.kill(-pid, 'SIGKILL');
      await until(() => listGroup(pid).length === 0);
      assert.deepEqual(await bench.adoptElsewhere(), ['lost', '{"code":null,"reason":"lost"}']);
    });

    it('L-08c has what it left behind ended by the daemon that adopts it', async () => {
      const parent = bench.startParent(
        bench.options(
          `(trap '' INT TERM; sleep 100; sleep 100) & while [ ! -e go ]; do sleep 0.02; done; exit 2`,
        ),
      );
      await until(() => existsSync(`${bench.spool}.pid`));
      parent.kill('SIGKILL');
      await once(parent, 'exit');
      bench.touch('go');
      await until(() => existsSync(`${bench.spool}.code`));
      assert.deepEqual(await bench.adoptElsewhere(), ['running', '{"code":2,"reason":"exited"}']);
      assert.deepEqual(listSpoolProcesses(bench.spool), []);
    });
  });

  describe('whose spool is claimed', () => {
    /** Starts the shell as a daemon does that dies right after it; `hold` keeps it from its first command. */
    function startShell(hold: boolean) {
      const { path } = bench.options('echo ran > ran');
      mkdirSync(dirname(bench.spool), { recursive: true });
      const file = openSync(bench.spool, 'a', 0o600);
      // A stopped process that becomes the shell when it is continued: the latest that a shell can come.
      const held = ['-c', 'kill -STOP $$; exec /bin/sh -c "$@"', 'sh', spoolShell, bench.spool, path];
      const child = spawn('/bin/sh', hold ? held : ['-c', spoolShell, bench.spool, path], {
        cwd: bench.folder,
        stdio: ['ignore', file, file],
        detached: true,
      });
      return { child, exited: once(child, 'exit') };
    }

    it('L-08b never runs when its shell comes after the claim', async () => {
      const { child, exited } = startShell(true);
      await until(() => readFileSync(`/proc/${child.pid}/stat`, 'utf8').includes(') T '));
      assert.deepEqual(await adoptSpooledTool(bench.adoption()), { state: 'neverStarted' });
      child.kill('SIGCONT');
      assert.deepEqual(await exited, [125, null]);
      assert.equal(bench.note('ran'), undefined);
      assert.ok(!existsSync(`${bench.spool}.code`));
    });

    it('runs when its shell comes before the claim', async () => {
      const { exited } = startShell(false);
      await exited;
      assert.equal(bench.note('ran'), 'ran');
      assert.equal((await adoptSpooledTool(bench.adoption())).state, 'ended');
    });

    it('is claimed once and for all', async () => {
      assert.deepEqual(await adoptSpooledTool(bench.adoption()), { state: 'neverStarted' });
      assert.deepEqual(await bench.adoptElsewhere(), ['neverStarted']);
      await assert.rejects(startSpooledTool(bench.options('echo ran > ran')), ToolError);
      assert.equal(bench.note('ran'), undefined);
    });

    it('is claimed when its shell died before it wrote the pid it had made the file for', async () => {
      mkdirSync(dirname(bench.spool), { recursive: true });
      writeFileSync(`${bench.spool}.pid`, '');
      assert.deepEqual(await adoptSpooledTool(bench.adoption()), { state: 'neverStarted' });
    });

    it('waits for a shell that is just about to write its pid', async () => {
      mkdirSync(dirname(bench.spool), { recursive: true });
      writeFileSync(`${bench.spool}.pid`, '');
      // Stands for the shell between making and writing the file: its arguments name the spool.
      const text = 'while [ ! -e go ]; do sleep 0.02; done; echo $$ > "$0.pid"; echo 9 > "$0.code"';
      const shell = spawn('/bin/sh', ['-c', text, bench.spool], { cwd: bench.folder, detached: true });
      await until(() => listSpoolProcesses(bench.spool).some(({ pid }) => pid === shell.pid));
      const adopting = adoptSpooledTool(bench.adoption());
      assert.equal(
        await Promise.race([adopting, new Promise(resolve => setTimeout(resolve, 200))]),
        undefined,
      );
      bench.touch('go');
      const adopted = await adopting;
      const exit = adopted.state === 'running' ? await adopted.tool.done : adopted;
      assert.equal(JSON.stringify(exit).includes('"code":9'), true, JSON.stringify(exit));
    });

    it('does not take a stranger with the same pid for its tool', async () => {
      mkdirSync(dirname(bench.spool), { recursive: true });
      const stranger = spawn('/bin/sleep', ['100'], { detached: true });
      writeFileSync(`${bench.spool}.pid`, `${stranger.pid}\n`);
      try {
        const adopted = await adoptSpooledTool(bench.adoption({ timeoutSeconds: 0 }));
        assert.deepEqual(adopted, { state: 'lost', exit: { code: null, reason: 'lost' } });
        assert.ok(readProcess(stranger.pid ?? 0), 'the stranger was left alone');
      } finally {
        stranger.kill('SIGKILL');
      }
    });
  });

  it('L-08b runs at most once when its daemon is killed at any moment around the start, and this is known', async function () {
    this.timeout(60_000);
    for (const [round, delayMs] of [0, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 6, 10, 20].entries()) {
      const folder = join(bench.folder, `round-${round}`);
      mkdirSync(folder);
      const spool = join(folder, 'step.log');
      const options = { ...bench.options('echo ran >> ran; exit 7'), cwd: folder, spool };
      const parent = bench.startParent(options);
      await untilNow(() => existsSync(spool));
      const killAt = performance.now() + delayMs;
      await untilNow(() => performance.now() >= killAt);
      parent.kill('SIGKILL');
      // At once: the shell may still be on its way.
      const adopted = await adoptSpooledTool({ ...bench.adoption(), spool });
      const what = `round ${round}, ${delayMs} ms: ${adopted.state}`;
      if (adopted.state === 'neverStarted') {
        await until(() => listSpoolProcesses(spool).length === 0);
        assert.ok(!existsSync(join(folder, 'ran')), what);
      } else {
        const exit = adopted.state === 'running' ? await adopted.tool.done : adopted.exit;
        assert.deepEqual(exit, { code: 7, reason: 'exited' }, what);
        assert.equal(readFileSync(join(folder, 'ran'), 'utf8'), 'ran\n', what);
      }
    }
  });

  describe('whose daemon is killed at a named point', () => {
    const script = 'echo ran >> ran; exit 7';
    for (const point of faultPoints.filter(name => name === 'spoolOpened' || name === 'shellSpawned')) {
      it(`L-08b at ${point}, ran once or never, and this is known`, async () => {
        const parent = bench.startParent(bench.options(script), {
          SLIPWAY_HOME: bench.folder,
          SLIPWAY_FAULT: point,
        });
        assert.deepEqual(await once(parent, 'exit'), [null, 'SIGKILL']);
        const [state, exit] = await bench.adoptElsewhere();
        if (state === 'neverStarted') {
          await until(() => listSpoolProcesses(bench.spool).length === 0);
          assert.equal(bench.note('ran'), undefined);
        } else {
          assert.equal(exit, '{"code":7,"reason":"exited"}');
          assert.equal(bench.note('ran'), 'ran');
        }
        assert.ok(point !== 'spoolOpened' || state === 'neverStarted');
      });
    }
  });
});

/** Waits for a condition that holds in a moment, without losing a millisecond. */
async function untilNow(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, `did not come true: ${condition}`);
    await new Promise(resolve => setImmediate(resolve));
  }
}
