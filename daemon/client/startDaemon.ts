import type { Readable } from 'node:stream';
import { buildStatePaths, type Discovery, type ReadyLine, readyLineSchema } from '../protocol/discovery.ts';
import { type ErrorCode, errorNextSteps, SlipwayError } from '../protocol/errors.ts';
import { findDaemon } from './findDaemon.ts';

/** How to run the daemon's program; the caller starts the process, since only few places may. */
export type SpawnRequest = {
  /** The program file, an argument for Node. */
  readonly program: string;
  /** The state folder: never the workspace, which must stay removable. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The file (0600, appended) for standard error. */
  readonly errorFile: string;
};

/** A process that was just started, detached. */
export type SpawnedDaemon = {
  readonly stdout: Readable;
  /** Resolves when it has ended or could not be started, with one phrase: `exit code 1`. */
  readonly ended: Promise<string>;
  /** Lets go of it, so that it does not keep this process alive. */
  readonly release: () => void;
};

/** What starting needs. */
export type StartOptions = {
  readonly stateFolder: string;
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly spawn: (request: SpawnRequest) => SpawnedDaemon;
  /** Default 10 s. */
  readonly timeoutMs?: number;
};

/**
 * Starts the daemon, detached, and resolves when clients can connect; the loser of a race of starts resolves to
 * the winner. Throws SlipwayError: what the daemon says against starting, or `daemonNotStarted`.
 */
export async function startDaemon(options: StartOptions): Promise<Discovery> {
  const { stateFolder, timeoutMs = 10_000 } = options;
  const deadline = performance.now() + timeoutMs;
  let reason = '';
  while (performance.now() < deadline) {
    const line = await runOnce(options, deadline);
    if (!line.ready && line.reason === 'failed') {
      throw new SlipwayError(readCode(line.code), line.message, { next: line.next });
    }
    // The winner may still be on its way to its discovery file, or on its way out: then it is our turn again.
    const patience = line.ready ? deadline : Math.min(deadline, performance.now() + 1_000);
    const discovery = await waitForDiscovery(stateFolder, line.ready ? line.pid : undefined, patience);
    if (discovery) {
      return discovery;
    }
    reason = line.ready
      ? 'it was ready, but its discovery file is not believed'
      : 'another daemon holds the state folder, but cannot be found';
  }
  throw buildFailure(options, `${reason} (${timeoutMs} ms)`);
}

async function runOnce(options: StartOptions, deadline: number): Promise<ReadyLine> {
  const { stateFolder, program, env } = options;
  const errorFile = buildStatePaths(stateFolder).startLog;
  const daemon = options.spawn({ program, cwd: stateFolder, env, errorFile });
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve('no ready line in time'), Math.max(0, deadline - performance.now()));
  try {
    const line = readFirstLine(daemon.stdout);
    // The line may be read just after the end is known.
    const ended = daemon.ended.then(async how => (await settled(line)) ?? { problem: how });
    const outcome = await Promise.race([
      line.then(text => text ?? ended),
      ended,
      late.then(problem => ({ problem })),
    ]);
    if (typeof outcome !== 'string') {
      throw buildFailure(options, outcome.problem);
    }
    return parseReadyLine(options, outcome);
  } finally {
    clearTimeout(timer);
    daemon.release();
  }
}

/** Resolves to the first line, or to `undefined` when the stream ends before one. */
function readFirstLine(stdout: Readable): Promise<string | undefined> {
  return new Promise(resolve => {
    let text = '';
    stdout.setEncoding('utf8');
    stdout.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) {
        resolve(text.slice(0, end));
      }
    });
    stdout.once('end', () => resolve(undefined));
    stdout.once('error', () => resolve(undefined));
    stdout.once('close', () => resolve(undefined));
  });
}

// A stream that a grandchild holds open would never end: the line gets a moment and no more.
async function settled(line: Promise<string | undefined>): Promise<string | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), 200);
  const text = await Promise.race([line, late]);
  clearTimeout(timer);
  return text;
}

function parseReadyLine(options: StartOptions, text: string): ReadyLine {
  try {
    return readyLineSchema.parse(JSON.parse(text));
  } catch {
    throw buildFailure(options, 'it printed something else than its ready line');
  }
}

async function waitForDiscovery(
  stateFolder: string,
  pid: number | undefined,
  deadline: number,
): Promise<Discovery | undefined> {
  for (;;) {
    const lookup = findDaemon(stateFolder);
    if (lookup.state === 'found' && (pid === undefined || lookup.discovery.pid === pid)) {
      return lookup.discovery;
    }
    if (performance.now() >= deadline) {
      return undefined;
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

function readCode(code: string): ErrorCode {
  return Object.hasOwn(errorNextSteps, code) ? (code as ErrorCode) : 'daemonNotStarted';
}

function buildFailure({ stateFolder, program }: StartOptions, reason: string): SlipwayError {
  const { log, startLog } = buildStatePaths(stateFolder);
  return new SlipwayError('daemonNotStarted', `The daemon did not start: ${reason}.`, {
    details: { program, log, startLog },
  });
}
