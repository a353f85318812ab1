import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildOnce, cacheDirectory, type OnProgress } from './cache.ts';
import { openGo, readGoModule } from './goModule.ts';

/** A module of its own: Helm 3 takes other versions of the Kubernetes libraries than the programs of the cluster. */
const moduleFolder = join(import.meta.dirname, 'tools', 'helm3');

/**
 * Returns the path of a Helm 3, built from sandbox/tools/helm3/go.mod when this machine has not built this version
 * before (1 to 3 minutes on 2 cores; needs Go 1.26 and network). Rejects as `ensureTools` does.
 */
export async function ensureHelm3(options: {
  onProgress: OnProgress;
  signal?: AbortSignal | undefined;
}): Promise<string> {
  const module = await readGoModule(moduleFolder);
  // Unstamped, helm calls itself v3.22, without the part that tells one release from the next.
  const linkerFlags = `-s -w -X helm.sh/helm/v3/internal/version.version=${module.version('helm.sh/helm/v3')}`;
  const folder = await buildOnce({
    cache: cacheDirectory(),
    name: `helm3-${module.digest(linkerFlags)}`,
    build: async unfinished => {
      const bin = join(unfinished, 'bin');
      await mkdir(bin, { recursive: true });
      const go = await openGo(module, { bin, signal: options.signal });
      options.onProgress('Building Helm 3 (1 to 3 minutes on 2 cores, once on this machine)');
      await go(['install', '-mod=readonly', '-ldflags', linkerFlags, 'tool']);
    },
    onProgress: options.onProgress,
    signal: options.signal,
  });
  return join(folder, 'bin', 'helm');
}
