import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { ReleaseView } from '../../daemon/protocol/release.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { buildEnvironmentItems } from './pickEnvironment.ts';
import { findRelease, pickRelease } from './pickRelease.ts';
import { pickStep } from './pickStep.ts';

/** A release and where it is to go. */
export type PickedBoth = { readonly release: ReleaseView; readonly environment: EnvironmentView };

/** What is asked, and what the questions are called. */
export type BothRequest = {
  readonly repository: RepositoryView;
  readonly target: ItemTarget;
  readonly titles: {
    readonly release: string;
    readonly releaseFor: (environment: string) => string;
    readonly environment: (release: string) => string;
  };
};

/** Asks for what the target does not say: release first, then environment, with a way back. */
export async function pickBoth(
  context: CommandContext,
  { repository, target, titles }: BothRequest,
): Promise<PickedBoth | undefined> {
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
        title: namedEnvironment ? titles.releaseFor(namedEnvironment.name) : titles.release,
        ...(totalSteps > 1 ? { place: { step: 1, totalSteps } } : {}),
      }));
    if (!release) {
      return undefined;
    }
    if (namedEnvironment) {
      return { release, environment: namedEnvironment };
    }
    const answer = await pickStep({
      title: titles.environment(release.version),
      placeholder: t('Which environment?'),
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
