import { join } from 'node:path';
import type { Clusters } from '../clusters/clusters.ts';
import { writePrivateKubeconfig } from '../clusters/kubeconfig.ts';
import type { Promotion } from '../model/promotion.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { OpenRepositories } from '../watching/openRepositories.ts';
import type { RunNeed, RunPreparation } from './runnerPorts.ts';

/** What preparing a run works with. */
export type PrepareRunOptions = {
  readonly repositories: OpenRepositories;
  readonly clusters: Clusters;
  readonly folderOf: (repositoryId: string) => string | undefined;
  /** The folder of runs below the state folder. */
  readonly runsFolder: string;
};

/**
 * Makes ready what a promotion's tools need just before one is started: the cluster's identity checked, a private
 * kubeconfig, and, where a step reads them, the files of the release's commit to run in, so that the document's
 * relative paths are right. What only repairs needs no repository, which may be gone by then.
 */
export async function prepareRun(
  promotion: Promotion,
  need: RunNeed,
  options: PrepareRunOptions,
): Promise<RunPreparation> {
  const folder = join(options.runsFolder, promotion.id);
  const kubeconfigPath = join(folder, 'kubeconfig');
  const [cwd] = await Promise.all([
    need.files ? checkout(promotion, options) : folder,
    openCluster(promotion, kubeconfigPath, options),
  ]);
  return {
    cwd,
    env: { KUBECONFIG: kubeconfigPath },
    spoolOf: (stepId, attempt) => join(folder, `${stepId}-${attempt}.log`),
  };
}

async function openCluster(
  { plan }: Promotion,
  kubeconfigPath: string,
  { clusters }: PrepareRunOptions,
): Promise<void> {
  const { context, clusterId } = plan.target;
  await writePrivateKubeconfig(kubeconfigPath, await clusters.confirm(context, clusterId));
}

async function checkout({ plan }: Promotion, options: PrepareRunOptions): Promise<string> {
  const known = await options.repositories.findRead(plan.repositoryId);
  const path = options.folderOf(plan.repositoryId);
  const repository = known ?? (path === undefined ? undefined : await options.repositories.open(path));
  if (!repository) {
    throw new SlipwayError('noRepository', `The repository of ${plan.procedure} is not known any more.`);
  }
  // Never disposed: the tool reads it after a restart of the daemon too; it goes by age.
  return (await repository.contents.checkout(plan.release.commit)).folder;
}
