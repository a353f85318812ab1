import assert from 'node:assert/strict';
import { parsePod } from '../../../daemon/clusters/parsePod.ts';
import { findFailingJobPods } from '../../../daemon/model/failingJobs.ts';
import type { HelmRevision } from '../../../daemon/model/rollout.ts';

const now = Date.parse('2026-11-26T15:53:00Z');

function buildRevision(revision: number, status: string, changedAt: string): HelmRevision {
  return { release: 'shop', namespace: 'shop', revision, status, changedAt };
}

/** A pod that failed once and is not run again. */
function buildPod(
  name: string,
  createdAt: string,
  owner: { kind: string; name: string; uid: string; controller: boolean },
) {
  return parsePod({
    metadata: { uid: `uid-of-${name}`, name, creationTimestamp: createdAt, ownerReferences: [owner] },
    spec: { containers: [{ name: 'migrate', image: 'example/migrate:1' }] },
    status: {
      phase: 'Failed',
      containerStatuses: [
        {
          name: 'migrate',
          image: 'example/migrate:1',
          ready: false,
          restartCount: 0,
          state: { terminated: { exitCode: 1, reason: 'Error' } },
        },
      ],
    },
  });
}

const job = { kind: 'Job', name: 'migrate', uid: 'job-1', controller: true };
const good = buildRevision(1, 'deployed', '2026-11-26T15:00:00.000Z');
const pods = [
  buildPod('migrate-old', '2026-11-26T14:59:00Z', { ...job, uid: 'job-0' }),
  buildPod('migrate-new', '2026-11-26T15:52:00Z', job),
  buildPod('web-1', '2026-11-26T15:52:00Z', { ...job, kind: 'ReplicaSet' }),
];
const find = (...revisions: readonly HelmRevision[]) =>
  findFailingJobPods(pods, revisions, now).map(({ workload, pod, failure }) => [
    `${workload.kind}/${workload.name}`,
    pod.name,
    failure.reason,
  ]);

describe('the failing pods of Jobs', () => {
  it('L-16a count while helm is at work, and after its work has failed', () => {
    for (const status of ['pending-upgrade', 'failed']) {
      const upgrade = buildRevision(2, status, '2026-11-26T15:52:30.000Z');
      assert.deepEqual(find(upgrade, good), [['Job/migrate', 'migrate-new', 'Error']], status);
    }
  });

  it('count at a first installation', () => {
    const first = buildRevision(1, 'pending-install', '2026-11-26T15:51:00.000Z');
    assert.deepEqual(
      find(first).map(([, pod]) => pod),
      ['migrate-old', 'migrate-new'],
    );
  });

  it('are history once the newest work of helm has ended well', () => {
    const back = buildRevision(2, 'deployed', '2026-11-26T15:52:30.000Z');
    assert.deepEqual(find(good, back), []);
    assert.deepEqual(find(), []);
  });
});
