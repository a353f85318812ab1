import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildRedactor, type Redactor } from '../../protocol/redaction/redact.ts';
import { type Faults, noFaults } from './faults.ts';
import { isProgram } from './isProgram.ts';
import { readStartTime, spoolVariable } from './processTable.ts';
import { claimSpool, readSpoolOwner } from './spoolFiles.ts';
import { spoolShell } from './spoolShell.ts';
import { ToolError } from './toolError.ts';
import type { ToolName } from './toolRun.ts';
import { type SpooledTool, watchSpooledTool } from './watchSpooledTool.ts';

/** What must be known to start a tool that outlives the daemon. */
export type SpooledToolOptions = {
  readonly tool: ToolName;
  /** The tool's absolute path. */
  readonly path: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Where both output streams go, as they are; the file must not exist yet. Readable by this user alone. */
  readonly spool: string;
  readonly timeoutSeconds: number;
  /** True for a tool that holds a release: it is interrupted and awaited, never killed. */
  readonly neverKill: boolean;
  /** How long a tool that may be killed gets after SIGINT; 10 s unless said. */
  readonly graceMs?: number;
  readonly faults?: Faults;
  /** For what errors say. */
  readonly redactor?: Redactor;
};

/** How long a tool that may be killed gets after SIGINT. */
export const defaultGraceMs = 10_000;

/**
 * Starts a tool whose output goes into a file, in a process group of its own, so that it goes on when the daemon dies.
 * Resolves when its shell has written its pid file: from then on `adoptSpooledTool` finds it.
 * Throws ToolError when it did not start; it then never will.
 */
export async function startSpooledTool(options: SpooledToolOptions): Promise<SpooledTool> {
  const { spool, faults = noFaults } = options;
  if (!isProgram(options.path)) {
    throw buildError(options, 'notFound', `${options.path} is no program that runs here`);
  }
  mkdirSync(dirname(spool), { recursive: true, mode: 0o700 });
  const file = openSync(spool, 'ax', 0o600);
  faults.at('spoolOpened');
  let child: ChildProcess;
  try {
    child = spawn('/bin/sh', ['-c', spoolShell, spool, options.path, ...options.args], {
      cwd: options.cwd,
      env: { ...options.env, [spoolVariable]: spool },
      // Files, not pipes: a pipe would kill the tool when the daemon that reads it dies.
      stdio: ['ignore', file, file],
      detached: true,
    });
  } catch (error) {
    throw buildError(options, 'failed', error instanceof Error ? error.message : String(error));
  } finally {
    closeSync(file);
  }
  // Read before Node can wait for the child, so that it is there even when the tool has already ended.
  const startTime = child.pid === undefined ? '' : readStartTime(child.pid);
  faults.at('shellSpawned');
  const deadline = Date.now() + options.timeoutSeconds * 1000;
  const pid = await awaitPidFile(child, options);
  child.unref();
  const { neverKill, graceMs = defaultGraceMs } = options;
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const onShellEnded = (listener: () => void) => (hasEnded() ? listener() : child.once('exit', listener));
  return watchSpooledTool({ spool, pid, startTime, deadline, neverKill, graceMs, onShellEnded });
}

const startLimitMs = 10_000;

/** Waits until the shell is about to run the tool, or makes sure that it never will. */
async function awaitPidFile(child: ChildProcess, options: SpooledToolOptions): Promise<number> {
  const { spool } = options;
  let ended: string | undefined;
  child.on('error', error => {
    ended = error.message;
  });
  child.on('exit', (code, signal) => {
    ended ??= `its shell ended with ${signal ?? `exit code ${code}`}`;
  });
  for (const limit = Date.now() + startLimitMs; ; await pause(2)) {
    const endedBefore = ended;
    const owner = readSpoolOwner(spool);
    if (owner.state === 'shell') {
      return owner.pid;
    }
    if (endedBefore !== undefined) {
      throw buildError(options, 'failed', endedBefore);
    }
    if (Date.now() > limit) {
      child.kill('SIGKILL');
      if (claimSpool(spool) || readSpoolOwner(spool).state !== 'shell') {
        throw buildError(options, 'timedOut', `its shell did not begin within ${startLimitMs / 1000} s`);
      }
    }
  }
}

function buildError(
  options: SpooledToolOptions,
  reason: 'notFound' | 'failed' | 'timedOut',
  why: string,
): ToolError {
  const args = (options.redactor ?? buildRedactor()).redactArgs(options.args);
  const nothing = { exitCode: null, signal: null, stderrTail: '', stdoutTail: '' };
  return new ToolError(`${options.tool} ${args[0] ?? ''} was not started: ${why}`, {
    tool: options.tool,
    args,
    reason,
    ...nothing,
  });
}
