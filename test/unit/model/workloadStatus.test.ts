import assert from 'node:assert/strict';
import { parsePod } from '../../../daemon/clusters/parsePod.ts';
import { parseReplicaSet, parseWorkload } from '../../../daemon/clusters/parseWorkload.ts';
import type { WorkloadFacts } from '../../../daemon/model/workloadFacts.ts';
import { buildNamespaceStatus, type NamespaceFacts } from '../../../daemon/model/workloadStatus.ts';
import { readRecord } from '../clusters/readRecord.ts';

const now = Date.parse('2026-11-23T21:04:50Z');
const facts: NamespaceFacts = {
  workloads: readRecord<{ kind: WorkloadFacts['kind'] }[]>('workloads').map(object =>
    parseWorkload(object.kind, object),
  ),
  replicaSets: readRecord<unknown[]>('replicaSets').map(parseReplicaSet),
  pods: readRecord<unknown[]>('pods').map(parsePod),
};

function find(status: ReturnType<typeof buildNamespaceStatus>, name: string) {
  const workload = status.workloads.find(candidate => candidate.name === name);
  assert.ok(workload, name);
  return workload;
}

function withWorkload(name: string, changes: Partial<WorkloadFacts>): NamespaceFacts {
  return {
    ...facts,
    workloads: facts.workloads.map(workload =>
      workload.name === name ? { ...workload, ...changes } : workload,
    ),
  };
}

describe('the workloads of a namespace', () => {
  const status = buildNamespaceStatus(facts, now, new Map());

  it('L-15b have their pods, of Deployments through their ReplicaSets', () => {
    assert.deepEqual(
      status.workloads.map(({ name, pods }) => [name, pods.length]),
      [
        ['crash', 1],
        ['db', 2],
        ['never', 1],
        ['node-agent', 1],
        ['pull', 1],
        ['restarts', 1],
        ['toobig', 1],
        ['web', 3],
      ],
    );
  });

  it('know the pods of the newest template for each kind', () => {
    for (const workload of status.workloads) {
      assert.ok(
        workload.pods.every(pod => pod.current),
        workload.name,
      );
    }
  });

  it('take no old pod for a current one, even before the controller has made the new ReplicaSet', () => {
    const template = 'v1:0000000000000000000000000000000000000000000000000000000000000000' as const;
    const changed = buildNamespaceStatus(withWorkload('web', { template }), now, new Map());
    assert.ok(find(changed, 'web').pods.every(pod => !pod.current));
  });

  it('L-16a list the failing pods of newest templates, and no old ones', () => {
    assert.deepEqual(status.failing.map(({ workload, failure }) => [workload.name, failure.reason]).sort(), [
      ['crash', 'CrashLoopBackOff'],
      ['never', 'NotReady'],
      ['pull', 'ImagePullBackOff'],
      ['restarts', 'OOMKilled'],
      ['toobig', 'Unschedulable'],
    ]);
    const template = 'v1:0000000000000000000000000000000000000000000000000000000000000000' as const;
    const changed = buildNamespaceStatus(withWorkload('crash', { template }), now, new Map());
    assert.ok(!changed.failing.some(({ workload }) => workload.name === 'crash'));
    assert.equal(find(changed, 'crash').pods[0]?.failure, 'CrashLoopBackOff');
  });

  it('say what a container does and how it ended the last time', () => {
    const [container] = find(status, 'crash').pods[0]?.containers ?? [];
    assert.equal(container?.state, 'CrashLoopBackOff');
    assert.equal(container?.lastEnd, 'Error, exit code 1');
    assert.equal(container?.restarts, 3);
    assert.match(container?.imageId ?? '', /^kosmos\/agent@sha256:/);
  });

  it('L-13c say since when, from what the cluster says', () => {
    assert.equal(find(status, 'crash').since, '2026-11-23T21:04:05.000Z');
    assert.equal(find(status, 'db').since, '2026-11-23T21:03:49.000Z');
  });

  it('L-13c keep the time while the health stays, and take a new one when it changes', () => {
    const uid = find(status, 'db').uid;
    const earlier = '2026-11-23T12:00:00.000Z';
    const same = buildNamespaceStatus(facts, now, new Map([[uid, { health: 'pass', since: earlier }]]));
    assert.equal(find(same, 'db').since, earlier);
    const later = '2026-11-23T21:04:00.000Z';
    const changed = buildNamespaceStatus(facts, now, new Map([[uid, { health: 'fail', since: later }]]));
    assert.equal(find(changed, 'db').since, new Date(now).toISOString());
  });

  it('say when time alone will change the answer', () => {
    const before = buildNamespaceStatus(facts, Date.parse('2026-11-23T21:04:10Z'), new Map());
    assert.equal(before.decideAgainAt, Date.parse('2026-11-23T21:04:20Z'));
  });
});
