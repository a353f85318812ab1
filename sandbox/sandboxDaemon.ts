import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { connectDaemon, type GreetedClient } from '../daemon/client/connectDaemon.ts';
import { findDaemon } from '../daemon/client/findDaemon.ts';
import { startDaemon } from '../daemon/client/startDaemon.ts';
import type { Discovery } from '../daemon/protocol/discovery.ts';
import { spawnDaemon } from '../extension/connection/spawnDaemon.ts';
import { waitFor } from './waitFor.ts';

/** What a daemon of the sandbox is started with. */
export type SandboxDaemonOptions = {
  /** Its state folder. */
  readonly home: string;
  /** The bundled program; default `dist/daemon.cjs`. */
  readonly program?: string;
  readonly kubeconfig: string;
  /** The folder of helm and kubectl. */
  readonly toolFolder: string;
  /** More variables, or others. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Starts a daemon in its own state folder, as the extension does, and connects to it. */
export async function startSandboxDaemon(options: SandboxDaemonOptions): Promise<GreetedClient> {
  const program = options.program ?? join(import.meta.dirname, '..', 'dist', 'daemon.cjs');
  mkdirSync(options.home, { recursive: true, mode: 0o700 });
  const discovery = await startDaemon({
    stateFolder: options.home,
    program,
    env: buildSandboxEnvironment(options),
    spawn: spawnDaemon,
  });
  return connectDaemon(discovery, { name: 'slipway-sandbox', version: '0.1.0' });
}

/** The variables of a daemon, or of an editor that starts one, in the sandbox. */
export function buildSandboxEnvironment(options: SandboxDaemonOptions): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    ...Object.fromEntries(inherited),
    SLIPWAY_HOME: options.home,
    KUBECONFIG: options.kubeconfig,
    PATH: `${options.toolFolder}:${process.env['PATH'] ?? ''}`,
    ...options.env,
  };
}

/** Ends the daemon of a state folder by its process id; resolves when it has gone. Nothing to do when none runs. */
export async function stopSandboxDaemon(home: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const lookup = findDaemon(home);
  if (lookup.state !== 'found') {
    return;
  }
  const { pid }: Discovery = lookup.discovery;
  process.kill(pid, signal);
  await waitFor(`the daemon ${pid} to end`, async () => !isAlive(pid), { limitMs: 15_000 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
