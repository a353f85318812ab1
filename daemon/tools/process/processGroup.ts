import { setTimeout as pause } from 'node:timers/promises';
import { listGroup } from './processTable.ts';

/** Sends a signal to a whole process group; false when nothing of it is left to receive it. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    // macOS answers EPERM when only zombies are left.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')) {
      return false;
    }
    throw error;
  }
}

/** True while a member of the group lives; zombies that nobody has waited for do not count. */
export function groupLives(group: number): boolean {
  return signalGroup(group, 0) && listGroup(group).length > 0;
}

/** Ends what is left of a process group: SIGTERM, then SIGKILL after `graceMs` unless `neverKill`. */
export async function endGroup(
  group: number,
  { graceMs, neverKill }: { readonly graceMs: number; readonly neverKill: boolean },
): Promise<void> {
  if (!groupLives(group)) {
    return;
  }
  signalGroup(group, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline) {
    await pause(10);
    if (!groupLives(group)) {
      return;
    }
  }
  if (!neverKill) {
    signalGroup(group, 'SIGKILL');
  }
}
