import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import { listRepositories } from '../state/storeState.ts';
import type { CommandContext } from './commandContext.ts';
import { CommandFailure } from './commandFailure.ts';
import { pickOne } from './pickStep.ts';
import { requireProcedure } from './requireProcedure.ts';

/**
 * The repository a command is about: the target's, the only one, or the one the person picks; undefined when they
 * left. Throws a CommandFailure when the window has none.
 */
export async function pickRepository(
  { store, words }: CommandContext,
  target: ItemTarget,
): Promise<RepositoryView | undefined> {
  const { t } = words;
  const repositories = listRepositories(store.state);
  const named = repositories.find(repository => repository.id === target.repositoryId);
  const [only] = repositories;
  if (named ?? repositories.length === 1) {
    return named ?? only;
  }
  if (!only) {
    throw buildNoRepository({ store, words });
  }
  return pickOne({
    title: t('Repository'),
    placeholder: t('Which repository?'),
    items: repositories.map(repository => ({
      label: repository.name,
      description: repository.folder,
      value: repository,
    })),
  });
}

/** The same for a command that needs an environment. Throws a CommandFailure that leads on where there is none. */
export async function pickReadyRepository(
  context: CommandContext,
  target: ItemTarget,
): Promise<RepositoryView | undefined> {
  const repository = await pickRepository(context, target);
  if (repository) {
    requireProcedure(repository, context.words);
  }
  return repository;
}

function buildNoRepository({ store, words }: Pick<CommandContext, 'store' | 'words'>): CommandFailure {
  const { t } = words;
  const problem = store.state.folders.find(folder => folder.problem)?.problem;
  if (problem) {
    return new CommandFailure(problem.code, problem.message, problem.next);
  }
  return store.state.folders.length === 0
    ? new CommandFailure(
        'noRepository',
        t('No folder is open.'),
        t('Open a folder that is a git repository.'),
      )
    : new CommandFailure(
        'noRepository',
        t('Slipway is still reading the folder.'),
        t('Try again in a moment.'),
      );
}
