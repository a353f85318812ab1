import { readKubeconfig } from '../../clusters/kubeconfig.ts';
import { listKubeconfigSecrets } from '../../clusters/kubeconfigSecrets.ts';
import type { Toolbox } from '../toolbox.ts';

/** Every secret that the daemon can name: of the environment of tools and its own, and of the kubeconfigs. */
export async function listKnownSecrets(toolbox: Toolbox): Promise<readonly string[]> {
  await toolbox.prepare();
  const kubeconfig = await readKubeconfig(toolbox.kubeconfigPaths());
  return [...toolbox.secretValues, ...(await listKubeconfigSecrets(kubeconfig))];
}
