import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A program that runs until it is stopped, such as etcd. */
export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** How it ended, or undefined while it runs. */
  ended(): string | undefined;
  /** Asks it to end, waits, and after `limitMs` (10,000 unless told) kills it; returns when it is gone. */
  stop(limitMs?: number): Promise<void>;
}

const largestLog = 20_000_000;
const fileStart = 'processes.';

/**
 * The processes of one state folder, written down so that none outlives its owner.
 *
 * Three nets: `stop()`; a small shell that ends them when the owner dies without a word (also by SIGKILL); and,
 * should that shell be gone too, the next start on the same folder, which ends what the file names.
 */
export class ProcessGroup {
  readonly #file: string;
  readonly #running: ServerProcess[] = [];
  #guard: ChildProcess | undefined;

  /** `directory` is where the processes are written down: a file per owner, a line each of pid, start time, name. */
  constructor(directory: string) {
    this.#file = join(directory, `${fileStart}${process.pid}`);
    process.on('exit', this.#onOwnerExit);
  }

  get processes(): readonly ServerProcess[] {
    return this.#running;
  }

  /** Starts a program with its output appended to `logFile`; it has a process group of its own. */
  start(options: {
    name: string;
    command: string;
    args: readonly string[];
    logFile: string;
    cwd: string;
    /** Its environment; only what servers need unless told. */
    env?: NodeJS.ProcessEnv;
  }): ServerProcess {
    keepLogSmall(options.logFile);
    const log = openSync(options.logFile, 'a', 0o600);
    let child: ChildProcess;
    try {
      this.#guard ??= startGuard(this.#file);
      // A group of its own: Ctrl-C in a terminal must reach it through stop(), in order, and not at once.
      child = spawn(options.command, options.args, {
        cwd: options.cwd,
        env: options.env ?? serverEnvironment(options.cwd),
        stdio: ['ignore', log, log],
        detached: true,
      });
    } finally {
      closeSync(log);
    }
    const server = buildServer(child, options, () => this.#forget(server));
    if (server.pid > 0) {
      this.#running.push(server);
      this.#writeDown();
    }
    return server;
  }

  /** Stops what still runs, the youngest first, and ends the watch over it. */
  async stop(): Promise<void> {
    for (const server of this.#running.toReversed()) {
      await server.stop();
    }
    process.off('exit', this.#onOwnerExit);
    await endGuard(this.#guard);
    this.#guard = undefined;
    rmSync(this.#file, { force: true });
  }

  readonly #onOwnerExit = (): void => {
    for (const server of this.#running.toReversed()) {
      sendSignal(server.pid, 'SIGTERM');
    }
  };

  #forget(server: ServerProcess): void {
    const index = this.#running.indexOf(server);
    if (index >= 0) {
      this.#running.splice(index, 1);
      this.#writeDown();
    }
  }

  #writeDown(): void {
    const text = this.#running
      .toReversed()
      .map(({ pid, name }) => `${pid} ${startTime(pid) ?? '?'} ${name}\n`);
    writeFileSync(this.#file, text.join(''), { mode: 0o600 });
  }
}

/** Ends the processes earlier owners of `directory` left running, checked by start time; returns their names. */
export async function stopLeftovers(directory: string): Promise<string[]> {
  const stopped: string[] = [];
  const files = readdirSync(directory).filter(name => name.startsWith(fileStart));
  for (const line of files.flatMap(name => readText(join(directory, name)).split('\n'))) {
    const [pidText = '', started = '', name = ''] = line.split(' ');
    const pid = Number.parseInt(pidText, 10);
    if (Number.isInteger(pid) && startTime(pid) === started) {
      stopped.push(name);
      sendSignal(pid, 'SIGTERM');
      await waitUntilGone(pid, started, 10_000);
      sendSignal(pid, 'SIGKILL');
      await waitUntilGone(pid, started, 10_000);
    }
  }
  for (const name of files) {
    rmSync(join(directory, name), { force: true });
  }
  return stopped;
}

/** The last lines a server wrote, for a message about its failure. */
export async function lastLines(logFile: string, count = 15): Promise<string> {
  const file = await open(logFile, 'r').catch(() => undefined);
  if (file === undefined) {
    return '';
  }
  try {
    const { size } = await file.stat();
    const length = Math.min(size, 20_000);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-count).join('\n');
  } finally {
    await file.close();
  }
}

function buildServer(
  child: ChildProcess,
  { name, logFile }: { name: string; logFile: string },
  onEnd: () => void,
): ServerProcess {
  let end: string | undefined;
  const gone = new Promise<void>(resolve => {
    const settle = (how: string): void => {
      end ??= how;
      onEnd();
      resolve();
    };
    child.once('error', error => settle(`could not start: ${error.message}`));
    child.once('exit', (code, signal) =>
      settle(signal === null ? `ended with code ${code}` : `ended by ${signal}`),
    );
  });
  return {
    name,
    pid: child.pid ?? 0,
    logFile,
    ended: () => end,
    async stop(limitMs = 10_000) {
      if (end === undefined) {
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
        await gone;
        clearTimeout(timer);
      }
    },
  };
}

/** Only what servers need: a proxy, a KUBECONFIG or a KWOK setting of the user's must not reach them. */
function serverEnvironment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: home, TMPDIR: process.env['TMPDIR'], TZ: 'UTC' };
}

/**
 * The text is constant. Its input is a pipe held by the owner, so `cat` ends when the owner does, however that ends;
 * after an orderly stop the file is empty. One after the other, as in stop(): an API server without etcd hangs.
 */
const guardText = `
cat >/dev/null
while read -r pid rest; do
  kill -TERM "$pid" 2>/dev/null || continue
  tries=50
  while kill -0 "$pid" 2>/dev/null; do
    tries=$((tries - 1))
    if [ "$tries" = 0 ]; then
      kill -KILL "$pid" 2>/dev/null
      break
    fi
    sleep 0.1
  done
done < "$0"
rm -f "$0"`;

function startGuard(file: string): ChildProcess {
  writeFileSync(file, '', { mode: 0o600 });
  const guard = spawn('/bin/sh', ['-c', guardText, file], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  return guard;
}

async function endGuard(guard: ChildProcess | undefined): Promise<void> {
  if (guard !== undefined && guard.exitCode === null && guard.signalCode === null) {
    guard.ref();
    const gone = once(guard, 'exit');
    guard.stdin?.end();
    await gone;
  }
}

function keepLogSmall(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestLog) {
    renameSync(path, `${path}.1`);
  }
}

async function waitUntilGone(pid: number, started: string, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (startTime(pid) === started && performance.now() < deadline) {
    await wait(50);
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}

/**
 * When the process started, in the system's own words, so that a reused pid is not taken for it; undefined when
 * there is no such process (a zombie counts as gone).
 */
function startTime(pid: number): string | undefined {
  if (process.platform === 'linux') {
    // Field 22 of proc(5); the name in field 2 may hold spaces and brackets.
    const fields = readText(`/proc/${pid}/stat`).split(')').at(-1)?.trim().split(' ') ?? [];
    return fields[0] === 'Z' ? undefined : fields[19];
  }
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 5_000,
    });
    return text.trim().replaceAll(' ', '_') || undefined;
  } catch {
    return undefined;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
