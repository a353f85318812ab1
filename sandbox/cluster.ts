import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startCluster } from './startCluster.ts';
import { stopSignal } from './stopSignal.ts';

/**
 * `node sandbox/cluster.ts [--state DIR] [--fresh]`: a cluster until Ctrl-C, without editor and sample repository.
 */
const { values } = parseArgs({
  options: {
    state: { type: 'string', default: join(homedir(), '.local', 'state', 'slipway-sandbox') },
    fresh: { type: 'boolean', default: false },
  },
});

const { signal, stopped } = stopSignal();
const started = performance.now();
const say = (message: string): void => {
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${message}`);
};

try {
  const sandbox = await startCluster({
    stateDir: values.state,
    fresh: values.fresh,
    onProgress: say,
    signal,
  });
  console.log('');
  console.log(
    `export KUBECONFIG=${sandbox.kubeconfigPath('alice')}   # a developer; ${sandbox.adminKubeconfig} may do all`,
  );
  console.log(`export PATH=${sandbox.tools.binDirectory}:$PATH`);
  console.log(`# cluster id ${sandbox.clusterId}; Ctrl-C ends it, its state stays in ${sandbox.stateDir}`);
  await stopped;
  say('Stopping');
  await sandbox.stop();
  say('Stopped');
} catch (error) {
  process.exitCode = 1;
  say(signal.aborted ? 'Stopped before it was up' : error instanceof Error ? error.message : String(error));
}
