import { Agent } from 'node:http';
import { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { maxReplyBytes } from '../protocol/closeCodes.ts';
import type { Discovery } from '../protocol/discovery.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { Result } from '../protocol/messages.ts';
import { protocolVersion } from '../protocol/version.ts';
import { DaemonClient } from './daemonClient.ts';
import { isAlive } from './findDaemon.ts';

/** Who connects: `slipway-vscode 0.1.0`. */
export type ClientIdentity = { readonly name: string; readonly version: string };

/** A client whose `session.hello` was answered. */
export type GreetedClient = { readonly client: DaemonClient; readonly hello: Result<'session.hello'> };

/** How long opening and greeting may take together, in milliseconds. */
const connectMs = 5_000;

/**
 * Opens a connection without a greeting. Throws SlipwayError `disconnected` when nobody is there, `timedOut` when
 * somebody is, but does not answer.
 */
export function openConnection(discovery: Discovery, timeoutMs = connectMs): Promise<DaemonClient> {
  // The `ws+unix:` form fails for a path with a space, a colon, # or é.
  const socket = new WebSocket('ws://localhost/', {
    agent: buildAgent(discovery.socket),
    headers: { authorization: `Bearer ${discovery.token}` },
    maxPayload: maxReplyBytes,
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      reject(buildSilent(discovery));
      socket.terminate();
    }, timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(limit);
      const message = `No daemon answers at ${discovery.socket}: ${error.message}`;
      reject(new SlipwayError('disconnected', message, { cause: error }));
    };
    socket.on('error', fail);
    socket.once('open', () => {
      clearTimeout(limit);
      socket.off('error', fail);
      resolve(new DaemonClient(socket));
    });
  });
}

/**
 * Opens a connection and greets the daemon. Throws SlipwayError `disconnected` when nobody answers or when it is
 * not the daemon of the discovery file, `protocolMismatch` when the two would misread each other.
 */
export async function connectDaemon(discovery: Discovery, identity: ClientIdentity): Promise<GreetedClient> {
  const client = await openConnection(discovery);
  try {
    const hello = await client.request(
      'session.hello',
      { protocolVersion, client: { ...identity } },
      { timeoutMs: connectMs },
    );
    if (hello.daemon.pid !== discovery.pid || hello.daemon.startedAt !== discovery.startTime) {
      throw new SlipwayError(
        'disconnected',
        `At ${discovery.socket} answers another daemon than was looked for.`,
      );
    }
    return { client, hello };
  } catch (error) {
    client.close();
    throw error instanceof SlipwayError && error.code === 'timedOut' ? buildSilent(discovery) : error;
  }
}

/** Asks a daemon to make way; resolves when it has gone, or with why it stays. */
export async function retireDaemon(discovery: Discovery, version: string): Promise<Result<'session.retire'>> {
  const client = await openConnection(discovery);
  try {
    const gone = new Promise<void>(resolve => client.onClosed(() => resolve()));
    const answer = await client.request('session.retire', { version }, { timeoutMs: connectMs });
    if (answer.retiring) {
      await withLimit(gone, connectMs);
      await waitForEnd(discovery.pid, connectMs);
    }
    return answer;
  } finally {
    client.close();
  }
}

// Its lock goes with its process: a start before that would lose against a daemon that is on its way out.
async function waitForEnd(pid: number, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (isAlive(pid) && performance.now() < deadline) {
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

function buildSilent({ pid }: Discovery): SlipwayError {
  return new SlipwayError('timedOut', `The daemon (process ${pid}) does not answer.`, {
    next: `End process ${pid}, then run "Slipway: Restart Daemon".`,
  });
}

async function withLimit(promise: Promise<void>, limitMs: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, limitMs);
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

/**
 * VS Code replaces http.request in its extension host (its @vscode/proxy-agent) with one that sets an agent, and with
 * an agent Node ignores the option `createConnection`. For localhost it uses the agent that it was given. Its
 * `net.connect` waits until the system's certificates are read, for a Unix socket too; a socket's own does not.
 */
function buildAgent(socketPath: string): Agent {
  const agent = new Agent();
  agent.createConnection = () => new Socket().connect(socketPath);
  return agent;
}
