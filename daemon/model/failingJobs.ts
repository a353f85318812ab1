import type { PodFacts } from './podFacts.ts';
import { decidePodFailure } from './podFailure.ts';
import type { HelmRevision } from './rollout.ts';
import type { FailingPod } from './workloadStatus.ts';

/**
 * The pods of Jobs that fail at `now` (milliseconds since 1970) while helm is at work, or since its last work failed,
 * oldest first: they may be those of a hook. What failed before that is history, as is what a schedule runs at any time.
 */
export function findFailingJobPods(
  pods: readonly PodFacts[],
  revisions: readonly HelmRevision[],
  now: number,
): readonly FailingPod[] {
  const since = findOpenWork(revisions);
  return since === undefined
    ? []
    : pods
        .filter(pod => pod.job !== undefined && Date.parse(pod.createdAt) >= since)
        .toSorted((left, right) => (left.createdAt < right.createdAt ? -1 : 1))
        .flatMap(pod => {
          const { failure } = decidePodFailure(pod, now);
          const { job = '', ownerUid = '' } = pod;
          return failure ? [{ workload: { kind: 'Job', name: job, uid: ownerUid }, pod, failure }] : [];
        });
}

/** Since when, at the earliest, a release has been at work that has not ended well; milliseconds since 1970. */
function findOpenWork(revisions: readonly HelmRevision[]): number | undefined {
  const releases = Map.groupBy(revisions, ({ release }) => release);
  const times = [...releases.values()].flatMap(rows => {
    const [newest, before] = rows.toSorted((left, right) => right.revision - left.revision);
    const isOpen = newest && (newest.status === 'failed' || newest.status.startsWith('pending-'));
    return isOpen ? [before ? Date.parse(before.changedAt) : 0] : [];
  });
  return times.length === 0 ? undefined : Math.min(...times);
}
