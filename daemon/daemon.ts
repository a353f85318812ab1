import { flushCompileCache } from 'node:module';
import { hostname, userInfo } from 'node:os';
import { buildServices, type DaemonServices } from './buildServices.ts';
import { removeProgram } from './client/removeProgram.ts';
import { buildHandlers } from './handlers/handlers.ts';
import type { CloseReason } from './protocol/closeCodes.ts';
import { buildStatePaths } from './protocol/discovery.ts';
import { productVersion } from './protocol/version.ts';
import { buildChangeNotices, type ChangeNotices } from './server/changeNotices.ts';
import { registerCrashGuard } from './server/crashGuard.ts';
import { DaemonServer } from './server/daemonServer.ts';
import { type IdleStop, parseIdleLimit, startIdleStop } from './server/idleStop.ts';
import type { Log } from './server/logFile.ts';
import { buildLoginAudience } from './server/loginAudience.ts';
import type { Store } from './store/store.ts';

/** What a daemon stands on. */
export type DaemonOptions = {
  readonly stateFolder: string;
  /** Held until the daemon has ended: there is one per state folder. */
  readonly instance: { dispose(): void };
  readonly store: Store;
  readonly log: Log;
};

/** How long a daemon may take to end, in milliseconds; then its process ends all the same. */
const stopMs = 5_000;

/** The parts of a daemon's process, from its start to its end. */
export class Daemon {
  readonly #options: DaemonOptions;
  readonly #startedAt = new Date().toISOString();
  readonly #services: DaemonServices;
  readonly #server: DaemonServer;
  readonly #notices: ChangeNotices;
  #idle: IdleStop | undefined;
  #isLeaving = false;
  #isStopping = false;

  constructor(options: DaemonOptions) {
    const { stateFolder, store, log } = options;
    this.#options = options;
    this.#services = buildServices({
      stateFolder,
      store,
      env: process.env,
      host: hostname(),
      version: productVersion,
      log: message => log.info(message),
      logins: buildLoginAudience(() => this.#server),
      onRepositoryChanged: repository => this.#notices.repositoryChanged(repository),
      onEnvironmentChanged: (repository, environment) =>
        this.#notices.environmentChanged(repository, environment),
    });
    this.#server = this.#buildServer();
    this.#notices = buildChangeNotices({
      store,
      repositories: this.#services.repositories,
      broadcast: this.#server.broadcast,
      log: message => log.error(message),
    });
  }

  /** Listens until the process ends; resolves to the path of its socket. */
  async start(): Promise<string> {
    const { log } = this.#options;
    registerCrashGuard(log, () => void this.#stop('stopping', 'The daemon failed too often.'));
    registerSignals(log, () => void this.#stop('stopping', 'The daemon was asked to stop.'));
    const socket = await this.#server.listen();
    this.#idle = startIdleStop({
      limitMs: parseIdleLimit(process.env['SLIPWAY_IDLE_SECONDS']),
      clients: () => this.#server.clients,
      busy: () => [...this.#listRunning(), ...this.#services.logs.busy],
      onIdle: () => this.#endIdle(socket),
    });
    log.info('ready', { version: productVersion, pid: process.pid, socket, node: process.version });
    return socket;
  }

  /** Goes on with what ran when an earlier daemon ended. */
  recover(): void {
    this.#services.recover();
  }

  #buildServer(): DaemonServer {
    const { stateFolder, store, log } = this.#options;
    const program = process.argv[1] ?? '';
    const identity = { version: productVersion, startedAt: this.#startedAt, program };
    const handlers = buildHandlers({
      ...this.#services,
      store,
      identity: {
        ...identity,
        pid: process.pid,
        home: stateFolder,
        host: hostname(),
        logFile: buildStatePaths(stateFolder).log,
        person: userInfo().username,
      },
      journal: store.journal,
      lifecycle: {
        runningPromotions: () => this.#listRunning(),
        // The answer leaves in this turn of the event loop, so the next one may close the session.
        retire: () => void setImmediate(() => this.#stop('retiring', 'A newer daemon takes over.')),
        leave: () => this.#leave(),
      },
    });
    return new DaemonServer({ stateFolder, identity, handlers, journal: store.journal, log });
  }

  #listRunning(): readonly string[] {
    return [
      ...this.#services.runner.active.map(id => `promotion ${id} is running`),
      ...Array.from(
        { length: this.#server.inFlight('promotion.start') },
        () => 'a promotion is about to start',
      ),
    ];
  }

  /** Slipway was uninstalled: nothing but what runs keeps the daemon alive. */
  #leave(): void {
    const { log, stateFolder } = this.#options;
    const waitsFor = this.#listRunning().join('; ');
    log.info('Slipway was uninstalled; its journal stays', { journal: stateFolder, waitsFor });
    this.#isLeaving = true;
    this.#idle?.hasten();
  }

  #endIdle(socket: string): void {
    if (this.#isLeaving) {
      // Else Node writes what it compiled when the process ends.
      flushCompileCache();
      removeProgram(this.#options.stateFolder, socket);
    }
    void this.#stop('stopping', this.#isLeaving ? 'Slipway was uninstalled.' : 'The daemon was idle.');
  }

  async #stop(reason: CloseReason, message: string): Promise<void> {
    if (this.#isStopping) {
      return;
    }
    this.#isStopping = true;
    this.#options.log.info('stopping', { message });
    setTimeout(() => process.exit(1), stopMs).unref();
    await this.#server.stop(reason, message);
    this.#services.dispose();
    this.#options.store.dispose();
    this.#options.instance.dispose();
    process.exit(0);
  }
}

function registerSignals(log: Log, onStop: () => void): void {
  process.on('SIGTERM', onStop);
  process.on('SIGINT', onStop);
  // A closed terminal is no reason to stop.
  process.on('SIGHUP', () => log.info('the terminal was closed'));
}
