import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { openConnection } from '../../daemon/client/connectDaemon.ts';
import { findDaemon, isAlive } from '../../daemon/client/findDaemon.ts';
import { removeProgram } from '../../daemon/client/removeProgram.ts';
import { buildStatePaths, type Discovery } from '../../daemon/protocol/discovery.ts';

/** VS Code gives the script 5 s. */
const connectMs = 1_500;
const endMs = 2_500;

/**
 * Ends the daemon of a state folder for good and removes its program and its socket; resolves to what to tell, one
 * sentence each. A promotion that runs ends first: then the daemon does all that by itself.
 */
export async function removeDaemon(stateFolder: string): Promise<readonly string[]> {
  const lookup = findDaemon(stateFolder);
  const told = lookup.state === 'found' ? await endDaemon(stateFolder, lookup.discovery) : [];
  if (findDaemon(stateFolder).state === 'absent') {
    const { discovery, socket } = buildStatePaths(stateFolder);
    const found = lookup.state === 'found' ? lookup.discovery.socket : socket;
    removeProgram(stateFolder, found);
    rmSync(discovery, { force: true });
  }
  return [
    ...told,
    `The journal of promotions stays in ${stateFolder} (store.db, anchors.jsonl), with outputs, clones and the log. ` +
      'Remove that folder when nobody needs them any more.',
  ];
}

async function endDaemon(stateFolder: string, discovery: Discovery): Promise<readonly string[]> {
  try {
    const client = await openConnection(discovery, connectMs);
    const { waitsFor } = await client
      .request('session.leave', {}, { timeoutMs: connectMs })
      .finally(() => client.close());
    const ended = waitsFor.length === 0 && (await waitForEnd(discovery.pid));
    return ended
      ? [`The daemon (process ${discovery.pid}) has ended.`]
      : [`The daemon (process ${discovery.pid}) goes on: ${describe(waitsFor)}. Then it ends by itself.`];
  } catch (error) {
    const { log } = buildStatePaths(stateFolder);
    const reason = error instanceof Error ? error.message : String(error);
    return [`The daemon (process ${discovery.pid}) could not be asked to end: ${reason} Its log: ${log}`];
  }
}

function describe(waitsFor: readonly string[]): string {
  return waitsFor.length > 0 ? waitsFor.join('; ') : 'another window may be connected to it';
}

async function waitForEnd(pid: number): Promise<boolean> {
  const deadline = performance.now() + endMs;
  while (isAlive(pid)) {
    if (performance.now() > deadline) {
      return false;
    }
    await wait(20);
  }
  return true;
}
