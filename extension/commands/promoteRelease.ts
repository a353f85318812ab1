import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { ReleaseView } from '../../daemon/protocol/release.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { connectBefore } from './connectEnvironment.ts';
import { buildEnvironmentItems } from './pickEnvironment.ts';
import { findRelease, pickRelease } from './pickRelease.ts';
import { pickRepository } from './pickRepository.ts';
import { pickStep } from './pickStep.ts';
import { planAndConfirm } from './planAndConfirm.ts';

/** Promotes a release to an environment: pick, plan, confirm. */
export async function promoteRelease(context: CommandContext, target: ItemTarget): Promise<void> {
  const repository = await pickRepository(context, target);
  const picked = repository && (await pickBoth(context, repository, target));
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

type Picked = { readonly release: ReleaseView; readonly environment: EnvironmentView };

/** Asks for what the target does not say: release first, then environment, with a way back. */
async function pickBoth(
  context: CommandContext,
  repository: RepositoryView,
  target: ItemTarget,
): Promise<Picked | undefined> {
  const { words } = context;
  const { t } = words;
  const namedRelease =
    target.release === undefined ? undefined : await findRelease(context, repository, target.release);
  const namedEnvironment = repository.environments.find(({ name }) => name === target.environment);
  const totalSteps = (namedRelease ? 0 : 1) + (namedEnvironment ? 0 : 1);
  for (;;) {
    const release =
      namedRelease ??
      (await pickRelease(context, repository, {
        title: namedEnvironment ? t('Promote to {0}', namedEnvironment.name) : t('Promote Release'),
        ...(totalSteps > 1 ? { place: { step: 1, totalSteps } } : {}),
      }));
    if (!release) {
      return undefined;
    }
    if (namedEnvironment) {
      return { release, environment: namedEnvironment };
    }
    const answer = await pickStep({
      title: t('Promote {0}', release.version),
      placeholder: t('To which environment?'),
      items: buildEnvironmentItems(repository, words, release),
      ...(totalSteps > 1 ? { place: { step: 2, totalSteps } } : {}),
    });
    if (answer.kind === 'picked') {
      return { release, environment: answer.value };
    }
    if (answer.kind === 'left') {
      return undefined;
    }
  }
}
