import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildStatePaths, readyLineSchema } from '../../daemon/protocol/discovery.ts';
import { spawnDaemon } from '../../extension/connection/spawnDaemon.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { buildMedian, buildSingle, type Figure } from './figure.ts';

const aimMs = 300;
const limitMs = 30_000;

/**
 * Starts the daemon `starts` times as the extension does and measures from the spawn to its ready line; the first start
 * of all on a machine, which fills Node's compile cache, is a figure of its own.
 */
export async function measureDaemonStart(options: {
  readonly program: string;
  readonly starts: number;
}): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
  const home = join(folder, 'home');
  await mkdir(home, { mode: 0o700 });
  try {
    const first = await startOnce(options.program, home);
    const samples: number[] = [];
    for (let start = 0; start < options.starts; start += 1) {
      samples.push(await startOnce(options.program, home));
    }
    return [
      buildMedian({ what: 'daemon: spawn to ready line', unit: 'ms', aim: aimMs, samples }),
      buildSingle({ what: 'daemon: the first start of a version', unit: 'ms', value: first }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startOnce(program: string, home: string): Promise<number> {
  const begun = performance.now();
  const daemon = spawnDaemon({
    program,
    cwd: home,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? home, SLIPWAY_HOME: home },
    errorFile: buildStatePaths(home).startLog,
  });
  const limit = setTimeout(() => daemon.stdout.destroy(), limitMs);
  try {
    for await (const line of createInterface({ input: daemon.stdout })) {
      const took = performance.now() - begun;
      const ready = readyLineSchema.parse(JSON.parse(line));
      if (!ready.ready) {
        throw new Error(`The daemon did not start: ${line}`);
      }
      process.kill(ready.pid, 'SIGTERM');
      await waitFor('the daemon to end', async () => !isAlive(ready.pid), { limitMs });
      return took;
    }
    throw new Error('The daemon said nothing.');
  } finally {
    clearTimeout(limit);
    daemon.release();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
