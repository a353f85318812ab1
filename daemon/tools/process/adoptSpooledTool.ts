import { setTimeout as pause } from 'node:timers/promises';
import type { ToolExit } from '../../model/promotionEvent.ts';
import { listGroup, listSpoolProcesses, namesSpool, readProcess } from './processTable.ts';
import { defaultGraceMs } from './spooledTool.ts';
import { claimSpool, readExitCode, readSpoolOwner } from './spoolFiles.ts';
import { buildExit, type SpooledTool, watchSpooledTool } from './watchSpooledTool.ts';

/** What became of a spooled tool whose daemon died. */
export type AdoptedTool =
  /** It did not run, and it cannot any more. */
  | { readonly state: 'neverStarted' }
  | { readonly state: 'running'; readonly tool: SpooledTool }
  | { readonly state: 'ended'; readonly exit: ToolExit }
  /** It ran, nothing of it is left, and nobody knows its exit code: its shell was killed, or the machine went down. */
  | { readonly state: 'lost'; readonly exit: ToolExit };

/** What must be known to adopt a tool. */
export type AdoptOptions = {
  readonly spool: string;
  /** Counted from the tool's own start. */
  readonly timeoutSeconds: number;
  readonly neverKill: boolean;
  readonly graceMs?: number;
};

/**
 * Finds out what became of a tool that an earlier daemon started, and goes on watching it while it runs. A spool that
 * no shell has taken is claimed first, so that a shell that comes late finds it taken and runs nothing.
 */
export async function adoptSpooledTool(options: AdoptOptions): Promise<AdoptedTool> {
  const { spool } = options;
  if (readExitCode(spool) === undefined && claimSpool(spool)) {
    return { state: 'neverStarted' };
  }
  const owner = await settleOwner(spool);
  if (owner === undefined) {
    return { state: 'neverStarted' };
  }
  const startTime = findStartTime(owner.pid, spool);
  // Looked for after the process was: the shell writes it before it ends.
  if (readExitCode(spool) !== undefined && startTime === undefined) {
    return { state: 'ended', exit: buildExit(spool) };
  }
  if (startTime === undefined) {
    return { state: 'lost', exit: buildExit(spool) };
  }
  const deadline = owner.since + options.timeoutSeconds * 1000;
  const { neverKill, graceMs = defaultGraceMs } = options;
  return {
    state: 'running',
    tool: watchSpooledTool({ spool, pid: owner.pid, startTime, deadline, neverKill, graceMs }),
  };
}

const settleLimitMs = 10_000;

/** The shell that has the spool; `undefined` when there is none and never will be. */
async function settleOwner(spool: string): Promise<{ pid: number; since: number } | undefined> {
  for (const limit = Date.now() + settleLimitMs; ; await pause(20)) {
    // Looked for before the file is read: a shell that is gone by now has written all it ever will.
    const makers = listSpoolProcesses(spool);
    const owner = readSpoolOwner(spool);
    if (owner.state === 'shell') {
      return owner;
    }
    if (owner.state === 'claimed' || makers.length === 0) {
      return undefined;
    }
    if (Date.now() > limit) {
      // A shell that stands still between making and writing its pid file has not run the tool.
      for (const maker of makers) {
        tryKill(maker.pid);
      }
    }
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/**
 * The start time of a spool's shell while anything of its group lives. A living process with that pid whose arguments
 * do not name the spool is a stranger; where the shell was killed, its tool is known by the variable it was given.
 */
function findStartTime(pid: number, spool: string): string | undefined {
  const leader = readProcess(pid);
  if (leader) {
    return namesSpool(pid, spool) ? leader.startTime : undefined;
  }
  return listGroup(pid).some(member => namesSpool(member.pid, spool)) ? '' : undefined;
}
