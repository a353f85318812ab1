import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import { describeMisplaced } from '../misplacedWords.ts';
import type { Words } from '../words.ts';
import { CommandFailure } from './commandFailure.ts';

/** Throws a CommandFailure that leads on where a repository has no environment to promote to. */
export function requireProcedure(repository: RepositoryView, { t }: Words): void {
  if (repository.environments.length > 0) {
    return;
  }
  const target = { repositoryId: repository.id };
  switch (repository.procedure) {
    case 'missing':
      if (repository.misplaced) {
        const { sentence, next } = describeMisplaced(repository.misplaced, t);
        throw new CommandFailure('misplacedProcedure', sentence, next, target);
      }
      throw new CommandFailure(
        'noProcedure',
        t('{0} has no slipway.yaml, which would say where a release can go.', repository.name),
        t('Slipway can write a first one.'),
        target,
      );
    case 'invalid':
      throw new CommandFailure(
        'invalidProcedure',
        t('slipway.yaml of {0} has errors, so its environments are not known.', repository.name),
        t('The Problems view says what to mend.'),
        target,
      );
    case 'valid':
      throw new CommandFailure(
        'unknownEnvironment',
        t('slipway.yaml of {0} names no environment.', repository.name),
        t('Write at least one.'),
        target,
      );
  }
}
