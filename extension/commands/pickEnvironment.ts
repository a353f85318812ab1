import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { ReleaseView } from '../../daemon/protocol/release.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { Words } from '../words.ts';
import type { CommandContext } from './commandContext.ts';
import { type PickItem, pickOne } from './pickStep.ts';

/** The environment a command is about: the target's, or the one the person picks; undefined when they left. */
export async function pickEnvironment(
  { words }: CommandContext,
  repository: RepositoryView,
  question: { readonly target: ItemTarget; readonly title: string; readonly placeholder: string },
): Promise<EnvironmentView | undefined> {
  const { target, title, placeholder } = question;
  return (
    repository.environments.find(({ name }) => name === target.environment) ??
    (await pickOne({ title, placeholder, items: buildEnvironmentItems(repository, words) }))
  );
}

/** The environments as items to pick from, in their order; with a release, each says whether the order is kept. */
export function buildEnvironmentItems(
  repository: RepositoryView,
  words: Words,
  release?: ReleaseView,
): readonly PickItem<EnvironmentView>[] {
  return repository.environments.map(environment => ({
    label: environment.name,
    description: buildDescription(environment, words),
    detail: [
      buildConnectionHint(environment, words),
      release ? buildOrderHint(environment, release, words) : '',
    ]
      .filter(Boolean)
      .join(' '),
    value: environment,
  }));
}

function buildDescription(environment: EnvironmentView, { t }: Words): string {
  const versions = environment.running.map(running => running.version ?? running.image ?? '').filter(Boolean);
  if (versions.length > 0) {
    return t('runs {0}', [...new Set(versions)].join(', '));
  }
  return environment.connection.state === 'live' ? t('nothing runs') : '';
}

function buildConnectionHint({ connection }: EnvironmentView, { t }: Words): string {
  return connection.state === 'notConnected' ? t('Not connected: you will be asked for its context.') : '';
}

function buildOrderHint(environment: EnvironmentView, release: ReleaseView, { t }: Words): string {
  const here = release.reach.find(reach => reach.environment === environment.name);
  if (here?.state === 'running') {
    return t('{0} runs there already.', release.version);
  }
  const before = environment.after;
  if (before === undefined) {
    return t('The first environment.');
  }
  const reached = release.reach.find(reach => reach.environment === before);
  return reached?.state === 'running'
    ? t('{0} runs in {1}.', release.version, before)
    : t('{0} does not run in {1} yet: the order will hold it.', release.version, before);
}
