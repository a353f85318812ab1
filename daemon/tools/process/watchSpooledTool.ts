import { basename, dirname } from 'node:path';
import type { ToolExit } from '../../model/promotionEvent.ts';
import { FileBell } from './fileBell.ts';
import { endGroup, signalGroup } from './processGroup.ts';
import { listGroup, readProcess } from './processTable.ts';
import {
  buildSpoolPath,
  type InterruptReason,
  readExitCode,
  readInterrupt,
  recordInterrupt,
} from './spoolFiles.ts';

/** A tool that outlives the daemon: started by this one or adopted from an earlier one. */
export type SpooledTool = {
  /** The pid of its shell, which is also its process group. */
  readonly pid: number;
  readonly startTime: string;
  /** How it ended, after its whole process group is gone. Never rejects. */
  readonly done: Promise<ToolExit>;
  /** SIGINT to its process group; SIGKILL after the grace unless it must never be killed. */
  interrupt(): void;
};

/** What is known of a tool that runs. */
export type SpooledToolFacts = {
  readonly spool: string;
  readonly pid: number;
  readonly startTime: string;
  /** When its time is up, as milliseconds since 1970. */
  readonly deadline: number;
  /** True for a tool that holds a release: it is asked to end and awaited, however long that takes. */
  readonly neverKill: boolean;
  /** How long it may take to end after SIGINT, before SIGKILL. */
  readonly graceMs: number;
  /** Calls back when the shell has ended, where somebody knows; looks go on without it. */
  onShellEnded?(listener: () => void): void;
};

/** Watches a spooled tool to its end and ends it when its time is up. */
export function watchSpooledTool(facts: SpooledToolFacts): SpooledTool {
  const { spool, pid, startTime } = facts;
  const bell = new FileBell(dirname(spool), basename(buildSpoolPath(spool, 'code')));
  let shellEnded = facts.onShellEnded === undefined;
  facts.onShellEnded?.(() => {
    shellEnded = true;
    bell.ring();
  });
  let killAt = Number.POSITIVE_INFINITY;
  let asked = false;

  const ask = (reason: InterruptReason) => {
    // Never a signal to a group that is gone: its number may be somebody else's by now.
    if (asked || !isAlive(facts)) {
      return;
    }
    asked = true;
    recordInterrupt(spool, reason);
    signalGroup(pid, 'SIGINT');
    if (!facts.neverKill) {
      killAt = Date.now() + facts.graceMs;
    }
    bell.ring();
  };

  const watchToEnd = async (): Promise<ToolExit> => {
    try {
      while (readExitCode(spool) === undefined && isAlive(facts)) {
        if (Date.now() >= killAt) {
          signalGroup(pid, 'SIGKILL');
          killAt = Date.now() + pollMs;
        } else if (Date.now() >= facts.deadline) {
          ask('timedOut');
        }
        await bell.wait(asked ? askedPollMs : Math.max(10, Math.min(pollMs, facts.deadline - Date.now())));
      }
      // The code is the last that its shell does. Once the shell was waited for, no process has to be looked at to see
      // that its group is empty.
      for (const limit = Date.now() + shellEndMs; !shellEnded && Date.now() < limit; ) {
        await bell.wait(limit - Date.now());
      }
      // The tool has ended: what it left running in its group holds no release.
      await endGroup(pid, { graceMs: leftoverGraceMs, neverKill: false }).catch(() => undefined);
    } finally {
      bell.dispose();
    }
    return buildExit(spool);
  };

  return {
    pid,
    startTime,
    done: watchToEnd(),
    interrupt: () => ask('cancelled'),
  };
}

/** How a spool's tool ended, as far as the files beside it tell. */
export function buildExit(spool: string): ToolExit {
  const code = readExitCode(spool) ?? null;
  const interrupted = readInterrupt(spool);
  if (code === null) {
    return { code, reason: interrupted ?? 'lost' };
  }
  return { code, reason: code === 0 ? 'exited' : (interrupted ?? 'exited') };
}

/** File watching is not everywhere; a look per second is. */
const pollMs = 1000;
/** While a tool is asked to end, somebody waits for it. */
const askedPollMs = 50;
const leftoverGraceMs = 2000;
/** How long a shell is waited for that has written the code and must end at once. */
const shellEndMs = 100;

/**
 * True while the shell lives, or, where somebody killed it, while its tool does. A process with the shell's pid and
 * another start time is a stranger; without one, the group's number cannot have been given away while it has members.
 */
function isAlive({ pid, startTime }: SpooledToolFacts): boolean {
  try {
    const leader = readProcess(pid);
    return leader ? leader.startTime === startTime : listGroup(pid).length > 0;
  } catch {
    // Out of file descriptors: the next look tells.
    return true;
  }
}
