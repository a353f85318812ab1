import type { ReadinessState } from '../clusters/readiness.ts';
import type { WatchStatus } from '../clusters/resilientWatch.ts';
import type { ConnectionFacts, ConnectionProblem, WatchFacts } from '../model/connectionState.ts';
import { listWatches, type NamespaceWatches, optionalWatches } from './namespaceWatches.ts';

/** Reads what the watches of a namespace and the readiness probe of its cluster say of the connection. */
export function readConnectionFacts(
  watches: NamespaceWatches,
  readiness: ReadinessState | undefined,
): Pick<ConnectionFacts, 'unreachable' | 'watches'> {
  return {
    ...(readiness?.type === 'unreachable'
      ? {
          unreachable: {
            since: readiness.since,
            message: readiness.error.message,
            next: readiness.error.next,
          },
        }
      : {}),
    watches: listWatches(watches)
      .map(([name, watch]) => ({ name, facts: buildWatchFacts(watch.status) }))
      .filter(({ name, facts }) => !(facts.problem?.kind === 'forbidden' && optionalWatches[name]))
      .map(({ facts }) => facts),
  };
}

function buildWatchFacts(status: WatchStatus): WatchFacts {
  return status.type === 'stale'
    ? {
        state: 'stale',
        staleSince: status.staleSince,
        problem: {
          kind: findKind(status.error.code),
          code: status.error.code,
          message: status.error.message,
          next: status.error.next,
        },
      }
    : { state: status.type };
}

function findKind(code: string): ConnectionProblem['kind'] {
  return code === 'wrongCluster' || code === 'forbidden' || code === 'loginExpired' ? code : 'other';
}
