import { readFile } from 'node:fs/promises';
import { openRepository } from '../../sandbox/promoteOnce.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import type { PromotionBed } from '../cluster/promotionBed.ts';
import { buildSingle, type Figure } from './figure.ts';

const aimMb = 100;

/**
 * The resident memory of a daemon at rest: first with one client and the repository open, then with its three
 * environments watched too, each after `restMs`. Begins with a daemon that has done nothing yet, and stops it.
 */
export async function measureDaemonMemory(
  bed: PromotionBed,
  options: { readonly restMs: number },
): Promise<readonly Figure[]> {
  await bed.stop();
  const client = await bed.start();
  try {
    await client.request('session.subscribe', { since: 0 });
    const opened = await client.request('repository.open', { folder: bed.repositoryFolder });
    for (const { name } of opened.environments) {
      await client.request('environment.disconnect', { repositoryId: opened.id, environment: name });
    }
    const seconds = Math.round(options.restMs / 1000);
    const alone = await readAtRest(bed, options.restMs);
    await openRepository(client, bed.repositoryFolder, name => `kosmos-${name}`);
    await waitFor('the environments to be live', () => areLive(bed), { limitMs: 30_000 });
    const watching = await readAtRest(bed, options.restMs);
    return [
      buildSingle({
        what: `daemon: memory, one client, repository open, after ${seconds} s`,
        unit: 'MB',
        aim: aimMb,
        value: alone,
      }),
      buildSingle({
        what: `daemon: memory, three environments watched, after ${seconds} s more`,
        unit: 'MB',
        aim: aimMb,
        value: watching,
      }),
    ];
  } finally {
    client.close();
    await bed.stop();
  }
}

async function areLive(bed: PromotionBed): Promise<boolean> {
  const { environments } = await bed.client.request('repository.open', { folder: bed.repositoryFolder });
  return environments.length === 3 && environments.every(({ connection }) => connection.state === 'live');
}

/** Resident memory in MB, after the daemon was left alone. */
async function readAtRest(bed: PromotionBed, restMs: number): Promise<number> {
  // The rest is what is measured: memory that is given back with time.
  await new Promise(resolve => setTimeout(resolve, restMs));
  const status = await readFile(`/proc/${bed.daemonPid}/status`, 'utf8');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) {
    throw new Error('Linux does not say how much memory the daemon has.');
  }
  return (Number(kibibytes) * 1024) / 1e6;
}
