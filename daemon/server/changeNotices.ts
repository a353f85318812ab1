import type { Promotion } from '../model/promotion.ts';
import type { EnvironmentView } from '../protocol/environment.ts';
import { parseCheckEvent } from '../store/eventSchemas.ts';
import type { Store } from '../store/store.ts';
import type { OpenRepositories } from '../watching/openRepositories.ts';
import type { OpenRepository } from '../watching/openRepository.ts';
import type { Broadcast } from './broadcast.ts';

/** Tells every window what changed: whole snapshots, of which the newest wins while a window is slow. */
export type ChangeNotices = {
  repositoryChanged(repository: OpenRepository): void;
  environmentChanged(repository: OpenRepository, environment: EnvironmentView): void;
};

/** What builds the notices. */
export type ChangeNoticesOptions = {
  readonly store: Pick<Store, 'journal' | 'promotions'>;
  readonly repositories: Pick<OpenRepositories, 'find'>;
  readonly broadcast: Broadcast;
  readonly log: (message: string) => void;
};

/** What the journal's events of one promotion have changed since it was told last. */
type Change = { sequence: number; environment: boolean; repository: boolean };

/**
 * Builds the notices. The journal's events become snapshots of their promotions in the next turn of the event loop:
 * whoever appended them first goes on with what must not wait, like starting the next tool.
 */
export function buildChangeNotices(options: ChangeNoticesOptions): ChangeNotices {
  const { store, broadcast, log } = options;
  const changes = new Map<string, Change>();
  store.journal.onAppended(entry => {
    const { promotionId, sequence, type } = entry;
    const repositoryId = parseCheckEvent(entry)?.repositoryId;
    if (repositoryId !== undefined) {
      const params = { repositoryId, sequence };
      broadcast.toRepository(repositoryId, { key: repositoryId, name: 'checklist.changed', params });
    }
    if (promotionId === undefined) {
      return;
    }
    if (changes.size === 0) {
      setImmediate(flush);
    }
    const before = changes.get(promotionId);
    changes.set(promotionId, {
      sequence,
      // The lock is taken and given back, and a release has got further.
      environment: before?.environment || type === 'promotion.started' || type === 'step.completed',
      repository: before?.repository || type === 'promotion.ended',
    });
  });
  const flush = () => {
    const told = [...changes];
    changes.clear();
    for (const [promotionId, { sequence, ...change }] of told) {
      guard(log, () => {
        const promotion = store.promotions.load(promotionId);
        const { repositoryId } = promotion.plan;
        const params = { sequence, promotion };
        broadcast.toRepository(repositoryId, { key: promotionId, name: 'promotion.changed', params });
        // The promotion's own snapshot is on its way before the larger ones are built.
        setImmediate(() => guard(log, () => tellAround(promotion, change, options)));
      });
    }
  };
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

function tellAround(
  { plan }: Promotion,
  change: Omit<Change, 'sequence'>,
  { repositories, broadcast }: ChangeNoticesOptions,
): void {
  const repository = repositories.find(plan.repositoryId);
  if (change.environment) {
    repository?.environments.notify(plan.target.environment);
  }
  if (change.repository && repository) {
    broadcast.toRepository(repository.id, buildRepositorySnapshot(repository));
  }
}

/** What was not told now is told with the next change, or when a window asks. */
function guard(log: (message: string) => void, tell: () => void): void {
  try {
    tell();
  } catch (error) {
    log(`A change was not told: ${error instanceof Error ? error.message : error}`);
  }
}

function buildRepositorySnapshot(repository: OpenRepository) {
  return {
    key: repository.id,
    name: 'repository.changed' as const,
    params: { repository: repository.view() },
  };
}
