import type { EnvironmentView } from '../protocol/environment.ts';
import type { Store } from '../store/store.ts';
import type { OpenRepositories } from '../watching/openRepositories.ts';
import type { OpenRepository } from '../watching/openRepository.ts';
import type { Broadcast } from './broadcast.ts';

/** Tells every window what changed: whole snapshots, of which the newest wins while a window is slow. */
export type ChangeNotices = {
  repositoryChanged(repository: OpenRepository): void;
  environmentChanged(repository: OpenRepository, environment: EnvironmentView): void;
};

/** Builds the notices; each journal event of a promotion becomes a snapshot of that promotion. */
export function buildChangeNotices(options: {
  readonly store: Store;
  readonly repositories: OpenRepositories;
  readonly broadcast: Broadcast;
}): ChangeNotices {
  const { store, repositories, broadcast } = options;
  store.journal.onAppended(entry => {
    if (entry.promotionId === undefined) {
      return;
    }
    const promotion = store.promotions.load(entry.promotionId);
    const { repositoryId, target } = promotion.plan;
    broadcast.toRepository(repositoryId, {
      key: promotion.id,
      name: 'promotion.changed',
      params: { sequence: entry.sequence, promotion },
    });
    const repository = repositories.find(repositoryId);
    // The lock is taken and given back, and a release has got further.
    if (entry.type === 'promotion.started' || entry.type === 'step.completed') {
      repository?.notifyEnvironment(target.environment);
    }
    if (entry.type === 'promotion.ended' && repository) {
      broadcast.toRepository(repositoryId, buildRepositorySnapshot(repository));
    }
  });
  return {
    repositoryChanged: repository =>
      broadcast.toRepository(repository.id, buildRepositorySnapshot(repository)),
    environmentChanged: (repository, environment) =>
      broadcast.toRepository(repository.id, {
        key: `${repository.id} ${environment.name}`,
        name: 'environment.changed',
        params: { repositoryId: repository.id, environment },
      }),
  };
}

function buildRepositorySnapshot(repository: OpenRepository) {
  return {
    key: repository.id,
    name: 'repository.changed' as const,
    params: { repository: repository.view() },
  };
}
