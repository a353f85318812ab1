import { join } from 'node:path';
import type { Clusters } from '../clusters/clusters.ts';
import { writePrivateKubeconfig } from '../clusters/kubeconfig.ts';
import type { Promotion } from '../model/promotion.ts';
import { SlipwayError } from '../protocol/errors.ts';
import type { OpenRepositories } from '../watching/openRepositories.ts';
import type { RunBasis, RunNeed, RunPreparation } from './runnerPorts.ts';

/** What the basis of a run is read with. */
export type ReadBasisOptions = {
  readonly repositories: OpenRepositories;
  readonly clusters: Clusters;
  readonly folderOf: (repositoryId: string) => string | undefined;
};

/**
 * Finds out what a promotion's tool needs just before it is started: the cluster's identity checked and, where a step
 * reads them, the files of the release's commit laid out. What only repairs needs no repository, which may be gone.
 */
export async function readBasis(
  promotion: Promotion,
  need: RunNeed,
  options: ReadBasisOptions,
): Promise<RunBasis> {
  const [files, kubeconfig] = await Promise.all([
    need.files ? layOutFiles(promotion, options) : undefined,
    confirmCluster(promotion, options.clusters),
  ]);
  return { kubeconfig, ...(files === undefined ? {} : { files }) };
}

/** Somebody who renames a context must not make a failure of what a tool of this promotion has done already. */
async function confirmCluster(
  { plan, steps }: Promotion,
  clusters: Pick<Clusters, 'confirm' | 'confirmKnown'>,
): Promise<string> {
  const { context, clusterId } = plan.target;
  try {
    return await clusters.confirm(context, clusterId);
  } catch (error) {
    const isUnderWay = steps.some(({ exit }) => exit !== undefined);
    const isRenamed = error instanceof SlipwayError && error.code === 'unknownContext';
    const known = isUnderWay && isRenamed ? await clusters.confirmKnown(context, clusterId) : undefined;
    if (known === undefined) {
      throw error;
    }
    return known;
  }
}

/** Makes a tool's surroundings: a private kubeconfig, and the files to run in, so that the document's paths are right. */
export async function prepareRun(
  promotionId: string,
  basis: RunBasis,
  /** The folder of runs below the state folder. */
  runsFolder: string,
): Promise<RunPreparation> {
  const folder = join(runsFolder, promotionId);
  const kubeconfigPath = join(folder, 'kubeconfig');
  await writePrivateKubeconfig(kubeconfigPath, basis.kubeconfig);
  return {
    cwd: basis.files ?? folder,
    env: { KUBECONFIG: kubeconfigPath },
    spoolOf: (stepId, attempt) => join(folder, `${stepId}-${attempt}.log`),
  };
}

async function layOutFiles({ plan }: Promotion, options: ReadBasisOptions): Promise<string> {
  const known = await options.repositories.findRead(plan.repositoryId);
  const path = options.folderOf(plan.repositoryId);
  const repository = known ?? (path === undefined ? undefined : await options.repositories.open(path));
  if (!repository) {
    throw new SlipwayError('noRepository', `The repository of ${plan.procedure} is not known any more.`);
  }
  // Never disposed: the tool reads it after a restart of the daemon too; it goes by age.
  return (await repository.contents.checkout(plan.release.commit)).folder;
}
