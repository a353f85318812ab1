import { homedir } from 'node:os';
import { buildStateFolder, buildStatePaths } from '../../daemon/protocol/discovery.ts';
import { DaemonConnection } from '../connection/daemonConnection.ts';
import { findDaemonToken } from '../connection/daemonToken.ts';
import { removeDaemon } from '../connection/removeDaemon.ts';
import { buildDaemonEnv, spawnDaemon } from '../connection/spawnDaemon.ts';
import {
  readDaemonLogs as readLogsOf,
  readTail as readTailOf,
  redactText as redactTextWith,
} from './diagnosticFiles.ts';
import type { LogTail } from './diagnosticsText.ts';

/**
 * Begins to connect to this user's daemon; throws SlipwayError where Slipway cannot run.
 * Loaded at first use: it brings the schemas along.
 */
export function openConnection(options: {
  readonly version: string;
  /** The daemon's program as the extension brought it along. */
  readonly programSource: string;
  readonly log: (sentence: string) => void;
}): DaemonConnection {
  const stateFolder = findStateFolder();
  return new DaemonConnection({
    stateFolder,
    identity: { name: 'slipway-vscode', version: options.version },
    programSource: options.programSource,
    env: buildDaemonEnv(process.env),
    spawn: spawnDaemon,
    log: options.log,
  });
}

/** The path of the daemon's log file, which need not be there; throws SlipwayError where Slipway cannot run. */
export function findDaemonLog(): string {
  return buildStatePaths(findStateFolder()).log;
}

/** Ends this user's daemon for good and removes its program; resolves to what to tell, one sentence each. */
export function uninstallDaemon(): Promise<readonly string[]> {
  return removeDaemon(findStateFolder());
}

/** The ends of the daemon's log files. */
export function readDaemonLogs(): Promise<readonly LogTail[]> {
  return readLogsOf(findStateFolder());
}

/** The end of a log file. */
export function readTail(path: string): Promise<LogTail> {
  return readTailOf(path);
}

/** Takes out of a text what this process knows or recognizes as a secret. */
export function redactText(text: string): string {
  const token = findDaemonToken(findStateFolder());
  return redactTextWith(text, process.env, token === undefined ? [] : [token]);
}

function findStateFolder(): string {
  return buildStateFolder({ platform: process.platform, homeFolder: homedir(), env: process.env });
}
