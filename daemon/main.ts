import { flushCompileCache } from 'node:module';
import { hostname, userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { buildServices } from './buildServices.ts';
import { removeProgram } from './client/removeProgram.ts';
import { buildHandlers } from './handlers/handlers.ts';
import type { DaemonIdentity } from './handlers/services.ts';
import type { CloseReason } from './protocol/closeCodes.ts';
import { buildStatePaths } from './protocol/discovery.ts';
import { productVersion } from './protocol/version.ts';
import { buildChangeNotices } from './server/changeNotices.ts';
import { registerCrashGuard } from './server/crashGuard.ts';
import { DaemonServer } from './server/daemonServer.ts';
import { parseIdleLimit, startIdleStop } from './server/idleStop.ts';
import { type Log, openLogFile } from './server/logFile.ts';
import { buildLoginAudience } from './server/loginAudience.ts';
import { buildFailedLine, printReadyLine } from './server/readyLine.ts';
import { prepareStateFolder } from './server/stateFolder.ts';
import { openEmbeddedStore } from './store/embedded/openEmbeddedStore.ts';
import { acquireSingleInstance } from './store/singleInstance.ts';

// Bundled as CommonJS, which has no await at the top.
main().catch((error: unknown) => {
  printReadyLine(buildFailedLine(error));
  process.exit(1);
});

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { version: { type: 'boolean' } } });
  if (values.version) {
    process.stdout.write(`${productVersion}\n`);
  } else {
    await run();
  }
}

async function run(): Promise<void> {
  forgetStarterVariables();
  const stateFolder = prepareStateFolder(process.env);
  const instance = acquireSingleInstance(stateFolder);
  if (!instance) {
    printReadyLine({ ready: false, reason: 'anotherInstance' });
    return;
  }
  const startedAt = new Date().toISOString();
  const log = openLogFile({ path: buildStatePaths(stateFolder).log });
  const store = openEmbeddedStore({ folder: stateFolder, clock: () => new Date() });
  const services = buildServices({
    stateFolder,
    store,
    env: process.env,
    host: hostname(),
    version: productVersion,
    log: message => log.info(message),
    logins: buildLoginAudience(() => server),
    onRepositoryChanged: repository => notices.repositoryChanged(repository),
    onEnvironmentChanged: (repository, environment) => notices.environmentChanged(repository, environment),
  });
  const runningPromotions = () => [
    ...services.runner.active.map(id => `promotion ${id} is running`),
    ...Array.from({ length: server.inFlight('promotion.start') }, () => 'a promotion is about to start'),
  ];
  const handlers = buildHandlers({
    ...services,
    store,
    identity: buildIdentity(stateFolder, startedAt),
    journal: store.journal,
    lifecycle: {
      runningPromotions,
      // The answer leaves in this turn of the event loop, so the next one may close the session.
      retire: () => void setImmediate(() => stop('retiring', 'A newer daemon takes over.')),
      leave: () => {
        const waitsFor = runningPromotions().join('; ');
        log.info('Slipway was uninstalled; its journal stays', { journal: stateFolder, waitsFor });
        leaving = true;
        idle.hasten();
      },
    },
  });
  const server = new DaemonServer({
    stateFolder,
    identity: { version: productVersion, startedAt, program: process.argv[1] ?? '' },
    handlers,
    journal: store.journal,
    log,
  });
  const notices = buildChangeNotices({
    store,
    repositories: services.repositories,
    broadcast: server.broadcast,
    log: message => log.error(message),
  });

  let stopping = false;
  let leaving = false;
  const stop = async (reason: CloseReason, message: string) => {
    if (stopping) {
      return;
    }
    stopping = true;
    log.info('stopping', { message });
    setTimeout(() => process.exit(1), 5_000).unref();
    await server.stop(reason, message);
    services.dispose();
    store.dispose();
    instance.dispose();
    process.exit(0);
  };
  registerCrashGuard(log, () => void stop('stopping', 'The daemon failed too often.'));
  registerSignals(log, () => void stop('stopping', 'The daemon was asked to stop.'));

  const socket = await server.listen();
  const idle = startIdleStop({
    limitMs: parseIdleLimit(process.env['SLIPWAY_IDLE_SECONDS']),
    clients: () => server.clients,
    busy: () => [...runningPromotions(), ...services.logs.busy],
    onIdle: () => {
      if (leaving) {
        // Else Node writes what it compiled when the process ends.
        flushCompileCache();
        removeProgram(stateFolder, socket);
      }
      void stop('stopping', leaving ? 'Slipway was uninstalled.' : 'The daemon was idle.');
    },
  });
  log.info('ready', { version: productVersion, pid: process.pid, socket, node: process.version });
  printReadyLine({ ready: true, socket, pid: process.pid });
  services.recover();
}

function buildIdentity(stateFolder: string, startedAt: string): DaemonIdentity {
  return {
    version: productVersion,
    pid: process.pid,
    startedAt,
    home: stateFolder,
    host: hostname(),
    logFile: buildStatePaths(stateFolder).log,
    person: userInfo().username,
    program: process.argv[1] ?? '',
  };
}

function registerSignals(log: Log, onStop: () => void): void {
  process.on('SIGTERM', onStop);
  process.on('SIGINT', onStop);
  // A closed terminal is no reason to stop.
  process.on('SIGHUP', () => log.info('the terminal was closed'));
}

/** Set by the starter for this process alone; the tools we start must not inherit them. */
function forgetStarterVariables(): void {
  delete process.env['ELECTRON_RUN_AS_NODE'];
  delete process.env['NODE_COMPILE_CACHE'];
  delete process.env['MALLOC_ARENA_MAX'];
}
