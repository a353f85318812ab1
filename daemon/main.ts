import { hostname, userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { buildServices } from './buildServices.ts';
import { buildHandlers } from './handlers/handlers.ts';
import type { CloseReason } from './protocol/closeCodes.ts';
import { buildStatePaths } from './protocol/discovery.ts';
import { productVersion } from './protocol/version.ts';
import { buildChangeNotices } from './server/changeNotices.ts';
import { registerCrashGuard } from './server/crashGuard.ts';
import { DaemonServer } from './server/daemonServer.ts';
import { parseIdleLimit, startIdleStop } from './server/idleStop.ts';
import { openLogFile } from './server/logFile.ts';
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
  // Set by the starter for this process alone; the tools we start must not inherit it.
  delete process.env['ELECTRON_RUN_AS_NODE'];
  delete process.env['NODE_COMPILE_CACHE'];
  delete process.env['MALLOC_ARENA_MAX'];
  delete process.env['MALLOC_MMAP_THRESHOLD_'];
  const stateFolder = prepareStateFolder(process.env);
  const instance = acquireSingleInstance(stateFolder);
  if (!instance) {
    printReadyLine({ ready: false, reason: 'anotherInstance' });
    return;
  }
  const startedAt = new Date().toISOString();
  const logFile = buildStatePaths(stateFolder).log;
  const log = openLogFile({ path: logFile });
  const store = openEmbeddedStore({ folder: stateFolder, clock: () => new Date() });
  const services = buildServices({
    stateFolder,
    store,
    env: process.env,
    host: hostname(),
    version: productVersion,
    log: message => log.info(message),
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
    identity: {
      version: productVersion,
      pid: process.pid,
      startedAt,
      home: stateFolder,
      host: hostname(),
      logFile,
      person: userInfo().username,
    },
    journal: store.journal,
    lifecycle: {
      runningPromotions,
      // The answer leaves in this turn of the event loop, so the next one may close the session.
      retire: () => void setImmediate(() => stop('retiring', 'A newer daemon takes over.')),
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
  process.on('SIGTERM', () => void stop('stopping', 'The daemon was asked to stop.'));
  process.on('SIGINT', () => void stop('stopping', 'The daemon was asked to stop.'));
  // A closed terminal is no reason to stop.
  process.on('SIGHUP', () => log.info('the terminal was closed'));

  const socket = await server.listen();
  startIdleStop({
    limitMs: parseIdleLimit(process.env['SLIPWAY_IDLE_SECONDS']),
    clients: () => server.clients,
    busy: () => [...runningPromotions(), ...services.logs.busy],
    onIdle: () => void stop('stopping', 'The daemon was idle.'),
  });
  log.info('ready', { version: productVersion, pid: process.pid, socket, node: process.version });
  printReadyLine({ ready: true, socket, pid: process.pid });
  services.recover();
}
