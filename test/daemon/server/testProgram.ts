import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type StartOptions, startDaemon } from '../../../daemon/client/startDaemon.ts';
import type { Discovery } from '../../../daemon/protocol/discovery.ts';
import { preparePrivateFolder } from '../../../daemon/protocol/transport/privateFolder.ts';
import { DaemonConnection } from '../../../extension/connection/daemonConnection.ts';
import { buildDaemonEnv, spawnDaemon } from '../../../extension/connection/spawnDaemon.ts';

const root = resolve(import.meta.dirname, '../../..');
const programs = new Map<string, Promise<string>>();
const folder = mkdtempSync(join(tmpdir(), 'slipway-program-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Bundles the daemon under a version, once per test run; resolves to its file. */
export function buildTestProgram(version = '1.0.0'): Promise<string> {
  const known = programs.get(version) ?? bundle(version);
  programs.set(version, known);
  return known;
}

/** Starts a real daemon process in a state folder, as the extension does. */
export async function startTestDaemon(
  stateFolder: string,
  options: {
    readonly version?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly spawn?: StartOptions['spawn'];
  } = {},
): Promise<Discovery> {
  preparePrivateFolder(stateFolder);
  return startDaemon({
    stateFolder,
    program: await buildTestProgram(options.version),
    env: buildTestEnv(stateFolder, options.env),
    spawn: options.spawn ?? spawnDaemon,
  });
}

/** A window's connection with its own copy of the program. */
export async function buildTestConnection(
  stateFolder: string,
  options: {
    readonly version?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly log?: (sentence: string) => void;
  } = {},
): Promise<DaemonConnection> {
  const version = options.version ?? '1.0.0';
  return new DaemonConnection({
    stateFolder,
    identity: { name: 'test', version },
    programSource: await buildTestProgram(version),
    env: buildTestEnv(stateFolder, options.env),
    spawn: spawnDaemon,
    log: options.log ?? (() => {}),
    backoff: { firstMs: 20, longestMs: 200 },
  });
}

/** The environment of a daemon that keeps everything in a test's folder and stops soon after a failed test. */
export function buildTestEnv(
  stateFolder: string,
  env: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    ...buildDaemonEnv(process.env),
    SLIPWAY_HOME: stateFolder,
    SLIPWAY_IDLE_SECONDS: '30',
    ...env,
  };
}

function bundle(version: string): Promise<string> {
  const file = join(folder, `${version}.cjs`);
  const args = ['build.mjs', '--daemon', file, '--version', version];
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', code => (code === 0 ? done(file) : reject(new Error(`build.mjs ended with ${code}`))));
  });
}
