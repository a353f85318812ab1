import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { connectBefore } from './connectEnvironment.ts';
import { pickBoth } from './pickBoth.ts';
import { pickReadyRepository } from './pickRepository.ts';
import { planAndConfirm } from './planAndConfirm.ts';

/** Promotes a release to an environment: pick, plan, confirm. */
export async function promoteRelease(context: CommandContext, target: ItemTarget): Promise<void> {
  const repository = await pickReadyRepository(context, target);
  const { t } = context.words;
  const picked =
    repository &&
    (await pickBoth(context, {
      repository,
      target,
      titles: {
        release: t('Promote Release'),
        releaseFor: environment => t('Promote to {0}', environment),
        environment: release => t('Promote {0}', release),
      },
    }));
  if (!repository || !picked || !(await connectBefore(context, repository, picked.environment))) {
    return;
  }
  await planAndConfirm(context, {
    repositoryId: repository.id,
    environment: picked.environment.name,
    kind: 'regular',
    release: picked.release.version,
  });
}
