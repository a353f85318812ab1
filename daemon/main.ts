import { parseArgs } from 'node:util';
import { Daemon } from './daemon.ts';
import { buildStatePaths } from './protocol/discovery.ts';
import { productVersion } from './protocol/version.ts';
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
  forgetStarterVariables();
  const stateFolder = prepareStateFolder(process.env);
  const instance = acquireSingleInstance(stateFolder);
  if (!instance) {
    printReadyLine({ ready: false, reason: 'anotherInstance' });
    return;
  }
  const log = openLogFile({ path: buildStatePaths(stateFolder).log });
  const store = openEmbeddedStore({ folder: stateFolder, clock: () => new Date() });
  const daemon = new Daemon({ stateFolder, instance, store, log });
  const socket = await daemon.start();
  printReadyLine({ ready: true, socket, pid: process.pid });
  daemon.recover();
}

/** Set by the starter for this process alone; the tools we start must not inherit them. */
function forgetStarterVariables(): void {
  delete process.env['ELECTRON_RUN_AS_NODE'];
  delete process.env['NODE_COMPILE_CACHE'];
  delete process.env['MALLOC_ARENA_MAX'];
}
