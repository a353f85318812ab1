import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDaemon } from '../../../daemon/client/findDaemon.ts';

const folders: string[] = [];

/** A new state folder, removed by `cleanFolders`. */
export function buildTestFolder(name = 'home'): string {
  const parent = mkdtempSync(join(tmpdir(), 'slipway-test-'));
  folders.push(parent);
  return join(parent, name);
}

/** Ends the daemons of every test folder by their pid and removes the folders. */
export async function cleanFolders(): Promise<void> {
  for (const parent of folders.splice(0)) {
    for (const name of ['home', 'a home with #, : and é']) {
      const lookup = findDaemon(join(parent, name));
      if (lookup.state === 'found' && lookup.discovery.pid !== process.pid) {
        process.kill(lookup.discovery.pid, 'SIGKILL');
        await waitUntil(`daemon ${lookup.discovery.pid} to end`, () => !isAlive(lookup.discovery.pid));
      }
    }
    rmSync(parent, { recursive: true, force: true });
  }
}

/** Waits for a condition; throws after the limit with what it waited for. */
export async function waitUntil(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 15_000,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) {
      throw new Error(`waited ${limitMs} ms for ${what}`);
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

/** True while a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
