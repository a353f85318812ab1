import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The files beside a spool. Each is made once, with O_EXCL, and is complete when it ends with a line end:
 * `.pid` by the shell before it runs the tool, or by a daemon that claims the spool so that no shell ever will;
 * `.code` by the shell when the tool has ended; `.interrupted` by a daemon before it first asks the tool to end.
 */
const files = { pid: '.pid', code: '.code', interrupted: '.interrupted' } as const;

/** The path of a file beside a spool. */
export function buildSpoolPath(spool: string, file: keyof typeof files): string {
  return spool + files[file];
}

/** What a spool's pid file says; `unfinished`: its maker has not written it yet, or never will. */
export type SpoolOwner =
  | { readonly state: 'none' | 'claimed' | 'unfinished' }
  | { readonly state: 'shell'; readonly pid: number; readonly since: number };

/** Reads who has a spool. */
export function readSpoolOwner(spool: string): SpoolOwner {
  const path = buildSpoolPath(spool, 'pid');
  const text = readIfThere(path);
  if (text === undefined) {
    return { state: 'none' };
  }
  if (text === claim) {
    return { state: 'claimed' };
  }
  const pid = parseLine(text);
  return pid === undefined ? { state: 'unfinished' } : { state: 'shell', pid, since: statSync(path).mtimeMs };
}

/** Takes a spool, so that no shell can run its tool any more; false when a shell or a claim was there before. */
export function claimSpool(spool: string): boolean {
  mkdirSync(dirname(spool), { recursive: true, mode: 0o700 });
  return writeOnce(buildSpoolPath(spool, 'pid'), claim);
}

/** The exit code of a spool's tool; `undefined` while it is not known, also where the file cannot be read. */
export function readExitCode(spool: string): number | undefined {
  try {
    return parseLine(readIfThere(buildSpoolPath(spool, 'code')) ?? '');
  } catch {
    return undefined;
  }
}

/** Why a daemon asked a tool to end. */
export type InterruptReason = 'timedOut' | 'cancelled';

/** Keeps the first reason for which a tool was asked to end; a full disk does not stop the asking. */
export function recordInterrupt(spool: string, reason: InterruptReason): void {
  try {
    writeOnce(buildSpoolPath(spool, 'interrupted'), `${reason}\n`);
  } catch {
    // Its exit will read as the tool's own.
  }
}

/** The first reason for which a tool was asked to end, also by an earlier daemon. */
export function readInterrupt(spool: string): InterruptReason | undefined {
  try {
    const text = readIfThere(buildSpoolPath(spool, 'interrupted'));
    return (['timedOut', 'cancelled'] as const).find(reason => text === `${reason}\n`);
  } catch {
    return undefined;
  }
}

const claim = 'claimed\n';

function parseLine(text: string): number | undefined {
  return /^\d{1,10}\n$/.test(text) ? Number(text) : undefined;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) {
      return undefined;
    }
    throw error;
  }
}

function writeOnce(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) {
      return false;
    }
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
