import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import { startSandboxDaemon, stopSandboxDaemon } from '../../sandbox/sandboxDaemon.ts';
import { ensureBuilt } from './promotionBed.ts';
import { type SharedCluster, sharedCluster } from './sharedCluster.ts';

/** A daemon of a test's own on the shared cluster, without the sample repository: for repositories of other people. */
export type OwnDaemon = {
  readonly cluster: SharedCluster;
  /** A folder for repositories; it goes with the daemon. */
  readonly folder: string;
  readonly client: DaemonClient;
  /** Ends the daemon and removes the folder; the namespaces go with the cluster. */
  readonly dispose: () => Promise<void>;
};

/** Starts a daemon for a person of the sandbox, or with a kubeconfig that is made in its folder. */
export async function startOwnDaemon(
  options:
    | { readonly person: string }
    | { readonly buildKubeconfig: (at: Pick<OwnDaemon, 'cluster' | 'folder'>) => Promise<string> },
): Promise<OwnDaemon> {
  await ensureBuilt();
  const cluster = await sharedCluster();
  const folder = await mkdtemp(join(tmpdir(), 'slipway-own-'));
  const home = join(folder, 'home');
  const { sandbox } = cluster;
  const kubeconfig =
    'person' in options
      ? sandbox.kubeconfigPath(options.person)
      : await options.buildKubeconfig({ cluster, folder });
  const toolFolder = sandbox.tools.binDirectory;
  const { client } = await startSandboxDaemon({ home, kubeconfig, toolFolder });
  return {
    cluster,
    folder,
    client,
    dispose: async () => {
      client.close();
      await stopSandboxDaemon(home);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
