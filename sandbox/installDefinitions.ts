import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterApi } from './clusterApi.ts';
import type { Tools } from './ensureTools.ts';
import { nodeName } from './kwok.ts';
import { runCommand } from './runCommand.ts';
import { waitFor } from './waitFor.ts';

const stages = join(import.meta.dirname, 'stages');
const manifests = join(import.meta.dirname, 'manifests');

/**
 * Puts into the cluster what the sandbox needs: KWOK's definitions, the stages, the node, the namespaces and who may
 * do what. A cluster that has all of it already, in this version, is left as it is.
 */
export async function installDefinitions(options: {
  stateDir: string;
  tools: Tools;
  kubeconfig: string;
  api: ClusterApi;
  signal: AbortSignal | undefined;
}): Promise<void> {
  const { stateDir, tools, kubeconfig, api, signal } = options;
  const mark = join(stateDir, 'installed');
  const folders = [tools.kwokDefinitions, tools.kwokNodeStages, stages, manifests];
  const version = await digestOf(folders);
  if ((await readFile(mark, 'utf8').catch(() => '')) === version) {
    return;
  }
  const apply = (...paths: string[]): Promise<string> =>
    runCommand(
      tools.kubectl,
      [
        ...['apply', '--kubeconfig', kubeconfig, '--server-side', '--force-conflicts'],
        ...paths.flatMap(path => ['--filename', path]),
      ],
      { signal, env: { KUBECACHEDIR: join(stateDir, 'kubectl-cache') } },
    );
  await apply(tools.kwokDefinitions, manifests);
  await waitFor('the API server to serve KWOK’s definitions', () => servesStages(api), {
    limitMs: 30_000,
    signal,
  });
  await apply(tools.kwokNodeStages, stages);
  await removeTaint(api);
  await writeFile(mark, version);
}

async function digestOf(folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const name of (await readdir(folder)).toSorted()) {
      hash.update(`${name}\n`).update(await readFile(join(folder, name)));
    }
  }
  return hash.digest('hex');
}

async function servesStages(api: ClusterApi): Promise<boolean> {
  await api.get('/apis/kwok.x-k8s.io/v1alpha1/stages');
  return true;
}

/** A new node may take no pods until the node lifecycle controller says so, and the sandbox runs without that one. */
async function removeTaint(api: ClusterApi): Promise<void> {
  await api.send(
    'PATCH',
    `/api/v1/nodes/${nodeName}`,
    { spec: { taints: null } },
    'application/merge-patch+json',
  );
}
