import type { Handlers } from '../handlers/requestContext.ts';
import type { JournalSource } from '../handlers/services.ts';
import type { CloseReason } from '../protocol/closeCodes.ts';
import { buildStatePaths } from '../protocol/discovery.ts';
import { protocolVersion } from '../protocol/version.ts';
import { type Broadcast, buildBroadcast } from './broadcast.ts';
import { removeDiscoveryFile, writeDiscoveryFile } from './discoveryFile.ts';
import { buildDispatch, type Dispatch } from './dispatch.ts';
import { type Door, openDoor } from './door.ts';
import { buildToken } from './doorCheck.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { Log } from './logFile.ts';
import { Session } from './session.ts';
import { prepareSocketPath } from './socketPath.ts';

/** What the server needs. The state folder must be private already, and this process its single instance. */
export type DaemonServerOptions = {
  readonly stateFolder: string;
  readonly identity: { readonly version: string; readonly startedAt: string; readonly program: string };
  readonly handlers: Handlers;
  readonly journal: JournalSource;
  readonly log: Log;
  readonly limits?: Limits;
};

/** Door, sessions and discovery file of one daemon. */
export class DaemonServer {
  readonly #options: DaemonServerOptions;
  readonly #sessions = new Set<Session>();
  readonly #inFlight = new Map<string, number>();
  readonly #dispatch: Dispatch;
  readonly #token = buildToken();
  readonly #paths;
  #door: Door | undefined;
  #sessionNumber = 0;
  /** Snapshots for the sessions that they concern. */
  readonly broadcast: Broadcast = buildBroadcast(() => this.#sessions);

  constructor(options: DaemonServerOptions) {
    this.#options = options;
    this.#paths = buildStatePaths(options.stateFolder);
    this.#dispatch = this.#count(buildDispatch(options.handlers, options.log));
  }

  /** Opens the door, then tells clients where it is; resolves to the socket's path. */
  async listen(): Promise<string> {
    const { stateFolder, identity, log, limits = defaultLimits, journal } = this.#options;
    const socket = prepareSocketPath(stateFolder);
    this.#door = await openDoor({
      path: socket,
      token: this.#token,
      limits,
      log,
      onClient: client => {
        const id = `s${++this.#sessionNumber}`;
        const session = new Session({
          id,
          socket: client,
          dispatch: this.#dispatch,
          journal,
          limits,
          log,
        });
        this.#sessions.add(session);
        session.onClosed(() => this.#sessions.delete(session));
        log.info('a session began', { session: id, sessions: this.#sessions.size });
      },
    });
    const { version, startedAt, program } = identity;
    writeDiscoveryFile(this.#paths.discovery, {
      socket,
      token: this.#token,
      pid: process.pid,
      startTime: startedAt,
      version,
      protocolVersion,
      program,
    });
    return socket;
  }

  /** How many clients are connected. */
  get clients(): number {
    return this.#sessions.size;
  }

  /** How many of them have a person who can answer a credential plugin. */
  get people(): number {
    return [...this.#sessions].filter(({ answersLogins }) => answersLogins).length;
  }

  /** How many requests of this name are being answered. */
  inFlight(method: string): number {
    return this.#inFlight.get(method) ?? 0;
  }

  /** Lets nobody in any more, tells every client why, and resolves when all are gone. */
  async stop(reason: CloseReason, message: string): Promise<void> {
    removeDiscoveryFile(this.#paths.discovery, this.#token);
    const closed = this.#door?.close();
    const gone = [...this.#sessions].map(
      session => new Promise<void>(resolve => session.onClosed(() => resolve())),
    );
    for (const session of this.#sessions) {
      session.close(reason, message);
    }
    await Promise.all(gone);
    await closed;
  }

  #count(dispatch: Dispatch): Dispatch {
    return async (method, params, context) => {
      this.#inFlight.set(method, this.inFlight(method) + 1);
      try {
        return await dispatch(method, params, context);
      } finally {
        const left = this.inFlight(method) - 1;
        if (left > 0) {
          this.#inFlight.set(method, left);
        } else {
          this.#inFlight.delete(method);
        }
      }
    };
  }
}
