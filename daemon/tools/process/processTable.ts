import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine; `startTime` tells it from a later one with the same pid. */
export type ProcessEntry = {
  readonly pid: number;
  readonly group: number;
  /** Linux: clock ticks since boot, field 22 of /proc/PID/stat. macOS: the time of day. */
  readonly startTime: string;
};

/** A living process; `undefined` when there is none or it is a zombie. */
export function readProcess(pid: number): ProcessEntry | undefined {
  const entry = hasProc ? readStat(pid) : readPs(['-p', String(pid)])[0];
  return entry?.zombie === false ? entry : undefined;
}

/** The start time of a child that was not yet waited for, also when it has already ended. */
export function readStartTime(pid: number): string {
  return (hasProc ? readStat(pid) : readPs(['-p', String(pid)])[0])?.startTime ?? '';
}

/** The living members of a process group; zombies do not count. */
export function listGroup(group: number): readonly ProcessEntry[] {
  return listProcesses().filter(entry => entry.group === group && !entry.zombie);
}

/** The living processes whose arguments or environment name a spool file: its shell, its tool and their children. */
export function listSpoolProcesses(spool: string): readonly ProcessEntry[] {
  return listProcesses().filter(
    entry => !entry.zombie && entry.pid !== process.pid && namesSpool(entry.pid, spool),
  );
}

/** True when a process's arguments or environment name the spool file. */
export function namesSpool(pid: number, spool: string): boolean {
  if (!hasProc) {
    return readPs(['-p', String(pid)]).some(entry => entry.command.includes(spool));
  }
  const arguments_ = readProcText(pid, 'cmdline').split('\0');
  return (
    arguments_.includes(spool) ||
    readProcText(pid, 'environ').split('\0').includes(`${spoolVariable}=${spool}`)
  );
}

/** The variable by which a spooled tool and its children can be told. */
export const spoolVariable = 'SLIPWAY_SPOOL';

type Row = ProcessEntry & { readonly zombie: boolean; readonly command: string };

const hasProc = process.platform === 'linux';

function listProcesses(): readonly Row[] {
  if (!hasProc) {
    return readPs(['-ax']);
  }
  return readdirSync('/proc')
    .filter(name => /^[0-9]+$/.test(name))
    .flatMap(name => readStat(Number(name)) ?? []);
}

/** The command stands in parentheses and may hold any character: fields count from the last `)`. */
function readStat(pid: number): Row | undefined {
  const text = readProcText(pid, 'stat');
  const [state, , group, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const startTime = rest[16];
  if (state === undefined || group === undefined || startTime === undefined) {
    return undefined;
  }
  return { pid, group: Number(group), startTime, zombie: state === 'Z' || state === 'X', command: '' };
}

function readProcText(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // The process has ended, or it is another user's.
    return '';
  }
}

/** macOS has no /proc; `lstart` is five words: "Mon Nov 23 20:20:00 2026". */
function readPs(selection: readonly string[]): readonly Row[] {
  const columns = ['pid=', 'pgid=', 'stat=', 'lstart=', 'command='].flatMap(column => ['-o', column]);
  const { stdout } = spawnSync('/bin/ps', ['-ww', ...selection, ...columns], {
    encoding: 'utf8',
    timeout: 5000,
    maxBuffer: 16 * 1024 * 1024,
  });
  return (stdout ?? '').split('\n').flatMap(line => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s?(.*)$/.exec(line);
    const [, pid, group, state, startTime, command] = match ?? [];
    if (!pid || !group || !state || !startTime) {
      return [];
    }
    return {
      pid: Number(pid),
      group: Number(group),
      startTime,
      zombie: state.startsWith('Z'),
      command: command ?? '',
    };
  });
}
