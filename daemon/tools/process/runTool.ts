import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { SlipwayError } from '../../protocol/errors.ts';
import { stripControlCharacters } from '../../protocol/redaction/controlCharacters.ts';
import { buildRedactor, type Redactor } from '../../protocol/redaction/redact.ts';
import { type Conversation, converse } from './conversation.ts';
import { isProgram } from './isProgram.ts';
import { endGroup } from './processGroup.ts';
import { ToolError, type ToolErrorReason } from './toolError.ts';
import type { ToolOutput, ToolRun } from './toolRun.ts';

/** Where and within which limits a run takes place. */
export type RunToolOptions = {
  /** The tool's absolute path. */
  readonly path: string;
  /** The whole environment; the run's own variables come on top. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** The longest standard output, in bytes; 32 MiB unless said. */
  readonly maxBytes?: number;
  /** For what errors say; finds known patterns unless said. */
  readonly redactor?: Redactor;
  /** For a tool that may have to ask a person. */
  readonly conversation?: Conversation;
  /** How long the tool may take to end after SIGTERM, before SIGKILL; 2 s unless said. */
  readonly graceMs?: number;
};

/**
 * Runs a tool that is short and changes nothing, and reads its answer. No shell; its process group ends whole.
 * Throws ToolError when it gives no answer: time limit, abort, not found, exit code, unreadable, too much output.
 */
export async function runTool<T>(run: ToolRun<T>, options: RunToolOptions): Promise<T> {
  const ended = await execute(run, options);
  const fail = (reason: ToolErrorReason, cause?: unknown) => buildError(run, options, ended, reason, cause);
  if (ended.stopped) {
    throw fail(ended.stopped, ended.error);
  }
  const output = buildOutput(ended);
  if (!output || !isAnswer(run, output)) {
    throw fail('failed', ended.error);
  }
  try {
    return run.parse(output);
  } catch (error) {
    throw error instanceof SlipwayError ? error : fail('unreadable', error);
  }
}

function buildOutput({ exitCode, stdout, stderr }: Ended): ToolOutput | undefined {
  return exitCode === null
    ? undefined
    : { stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8'), exitCode };
}

function isAnswer({ answers = [0] }: ToolRun<unknown>, output: ToolOutput): boolean {
  return typeof answers === 'function' ? answers(output) : answers.includes(output.exitCode);
}

type Stop = Exclude<ToolErrorReason, 'failed' | 'unreadable'>;

type Ended = {
  readonly stopped?: Stop;
  readonly error?: unknown;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
};

const stderrBytes = 64 * 1024;
/** How long output may still come from a child's children after the child itself has ended. */
const drainMs = 250;

async function execute(run: ToolRun<unknown>, options: RunToolOptions): Promise<Ended> {
  const nothing = { exitCode: null, signal: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  if (options.signal?.aborted) {
    return { ...nothing, stopped: 'cancelled' };
  }
  if (!isProgram(options.path)) {
    return { ...nothing, stopped: 'notFound' };
  }
  let child: ChildProcess;
  try {
    child = spawn(options.path, run.args, {
      cwd: options.cwd,
      env: { ...options.env, ...run.env },
      stdio: [takesInput(run, options) ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      detached: true,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...nothing, stopped: 'notFound', error: new Error(message) };
  }
  return new Promise(resolve => follow(child, { run, options, resolve }));
}

function takesInput(run: ToolRun<unknown>, { conversation }: RunToolOptions): boolean {
  return run.input !== undefined || conversation?.takesAnswers === true;
}

type Following = {
  readonly run: ToolRun<unknown>;
  readonly options: RunToolOptions;
  resolve(ended: Ended): void;
};

/** Collects a child's output within its limits and resolves when its whole group is gone. */
function follow(child: ChildProcess, { run, options, resolve }: Following): void {
  const { graceMs = 2000, maxBytes = 32 * 1024 * 1024 } = options;
  const out = collect(child.stdout, { keep: 'first', bytes: maxBytes, onFull: () => stop('tooMuchOutput') });
  const err = collect(child.stderr, { keep: 'last', bytes: stderrBytes });
  let stopped: Stop | undefined;
  let failure: unknown;
  let drain: NodeJS.Timeout | undefined;
  let settled = false;

  const end = { graceMs, neverKill: run.neverKill ?? false };
  let timer = setTimeout(onTimeUp, options.timeoutMs);
  const onAbort = () => stop('cancelled');
  options.signal?.addEventListener('abort', onAbort, { once: true });

  function onTimeUp(): void {
    const more = options.conversation?.extend() ?? 0;
    if (more > 0) {
      timer = setTimeout(onTimeUp, more);
    } else {
      stop('timedOut');
    }
  }

  function stop(reason: Stop): void {
    if (stopped || child.pid === undefined) {
      return;
    }
    stopped = reason;
    // A child that will not end is left behind after twice the grace, so that the caller's wait has a limit.
    drain = setTimeout(() => void settle(null, null), graceMs * 2);
    void endGroup(child.pid, end);
  }

  async function settle(exitCode: number | null, signal: NodeJS.Signals | null): Promise<void> {
    if (settled) {
      return;
    }
    settled = true;
    clearTimeout(timer);
    clearTimeout(drain);
    options.signal?.removeEventListener('abort', onAbort);
    if (child.pid !== undefined) {
      await endGroup(child.pid, end);
    }
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.unref();
    const facts = { exitCode, signal, stdout: out(), stderr: err() };
    resolve({
      ...facts,
      ...(stopped ? { stopped } : {}),
      ...(failure === undefined ? {} : { error: failure }),
    });
  }

  child.on('error', error => {
    // Only its words: Node hangs the arguments on it, and they may hold secrets.
    failure = new Error(error.message);
    if (child.pid === undefined) {
      stopped = 'notFound';
      void settle(null, null);
    }
  });
  child.on('exit', (code, signal) => {
    clearTimeout(drain);
    drain = setTimeout(() => void settle(code, signal), drainMs);
  });
  child.on('close', (code, signal) => void settle(code, signal));
  child.stdin?.on('error', () => {
    // The tool ended without reading everything: its exit code says why.
  });
  if (options.conversation) {
    converse(child, {
      conversation: options.conversation,
      redactor: options.redactor ?? buildRedactor(),
      stop: () => stop('cancelled'),
      said: err,
    });
  } else {
    child.stdin?.end(run.input);
  }
}

type Collecting = { readonly keep: 'first' | 'last'; readonly bytes: number; onFull?(): void };

function collect(stream: NodeJS.ReadableStream | null, { keep, bytes, onFull }: Collecting): () => Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  stream?.on('data', (chunk: Buffer) => {
    if (keep === 'first' && length + chunk.length > bytes) {
      onFull?.();
      return;
    }
    chunks.push(chunk);
    length += chunk.length;
    while (chunks[0] && length - chunks[0].length >= bytes) {
      length -= chunks.shift()?.length ?? 0;
    }
  });
  return () => Buffer.concat(chunks);
}

function buildError(
  run: ToolRun<unknown>,
  options: RunToolOptions,
  ended: Ended,
  reason: ToolErrorReason,
  cause: unknown,
): ToolError {
  const redactor = options.redactor ?? buildRedactor();
  const clean = (output: Buffer) =>
    buildTail(redactor.redact(stripControlCharacters(output.toString('utf8'))));
  const args = redactor.redactArgs(run.args);
  const stderrTail = clean(ended.stderr);
  const { exitCode, signal } = ended;
  const facts = {
    tool: run.tool,
    args,
    reason,
    exitCode,
    signal,
    stderrTail,
    stdoutTail: clean(ended.stdout),
  };
  const what = `${run.tool} ${args[0] ?? ''}`.trim();
  return new ToolError(
    `${what} ${describe(reason, options, ended)}${cite(stderrTail, reason)}`,
    facts,
    cause,
  );
}

function describe(reason: ToolErrorReason, options: RunToolOptions, ended: Ended): string {
  switch (reason) {
    case 'timedOut':
      return `did not answer within ${options.timeoutMs / 1000} s and was stopped`;
    case 'cancelled':
      return 'was cancelled';
    case 'notFound':
      return existsSync(options.cwd)
        ? `could not be started: ${options.path} is no program that runs here`
        : `could not be started: its folder ${options.cwd} does not exist`;
    case 'failed':
      return ended.signal ? `was ended by ${ended.signal}` : `ended with exit code ${ended.exitCode}`;
    case 'unreadable':
      return 'gave an answer that cannot be read';
    case 'tooMuchOutput':
      return `printed more than ${options.maxBytes ?? 32 * 1024 * 1024} bytes and was stopped`;
  }
}

function cite(stderrTail: string, reason: ToolErrorReason): string {
  const last = stderrTail.split('\n').findLast(line => line.trim() !== '');
  return last && (reason === 'failed' || reason === 'timedOut') ? `: ${last.trim()}` : '';
}

function buildTail(text: string): string {
  return text.length > 4000 ? `...${text.slice(-4000)}` : text;
}
