import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildStatePaths } from '../../daemon/protocol/discovery.ts';
import { preparePrivateFolder } from '../../daemon/protocol/transport/privateFolder.ts';

/** Where the daemon's program is and where it goes. */
export type DaemonProgramOptions = {
  readonly stateFolder: string;
  /** The program that this extension brought along. */
  readonly source: string;
  readonly version: string;
};

/**
 * Copies the daemon's program into the state folder, by version and content, and gives the copy's path: an update
 * of the extension removes its own folder, and that must not pull the program from under a running promotion.
 */
export async function prepareDaemonProgram(options: DaemonProgramOptions): Promise<string> {
  const { stateFolder, source, version } = options;
  const content = await readFile(source);
  const digest = buildDigest(content);
  const { programs } = buildStatePaths(stateFolder);
  const folder = join(programs, `${version.replace(/[^0-9A-Za-z.+-]/g, '_')}-${digest.slice(0, 12)}`);
  for (const part of [stateFolder, programs, folder]) {
    preparePrivateFolder(part);
  }
  const target = join(folder, 'daemon.cjs');
  if ((await readDigest(target)) !== digest) {
    const temporary = join(folder, `${randomBytes(6).toString('hex')}.tmp`);
    await writeFile(temporary, content, { mode: 0o600, flag: 'wx' });
    await rename(temporary, target);
  }
  // The time of the last use decides what is cleaned.
  await utimes(folder, new Date(), new Date());
  return target;
}

/** How long an unused copy is kept: another window may be about to start it. */
const keptMs = 24 * 60 * 60 * 1000;

/** Removes copies that nobody has started for a day, except those named in `inUse`; resolves to what it removed. */
export async function cleanDaemonPrograms(options: {
  readonly stateFolder: string;
  /** Program files that must stay: the running daemon's and this window's. */
  readonly inUse: readonly string[];
  readonly now?: number;
}): Promise<readonly string[]> {
  const { programs, compileCache } = buildStatePaths(options.stateFolder);
  const kept = new Set(options.inUse.map(file => dirname(file)));
  const removed: string[] = [];
  for (const name of await readdir(programs)) {
    const folder = join(programs, name);
    const { mtimeMs } = await stat(folder);
    if (!kept.has(folder) && (options.now ?? Date.now()) - mtimeMs > keptMs) {
      await rm(folder, { recursive: true, force: true });
      removed.push(folder);
    }
  }
  if (removed.length > 0) {
    // What Node kept of the removed programs is in there too; it fills itself again.
    await rm(compileCache, { recursive: true, force: true });
  }
  return removed;
}

async function readDigest(file: string): Promise<string | undefined> {
  try {
    return buildDigest(await readFile(file));
  } catch {
    return undefined;
  }
}

function buildDigest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
