import assert from 'node:assert/strict';
import { parseWorkload } from '../../../daemon/clusters/parseWorkload.ts';
import type { WorkloadFacts } from '../../../daemon/model/workloadFacts.ts';
import { decideWorkloadHealth } from '../../../daemon/model/workloadHealth.ts';
import { readRecord } from '../clusters/readRecord.ts';

type Recorded = { readonly kind: WorkloadFacts['kind']; readonly metadata: { readonly name: string } };

const recorded = new Map(
  readRecord<Recorded[]>('workloads').map(object => [
    object.metadata.name,
    parseWorkload(object.kind, object),
  ]),
);

function read(name: string, changes: Partial<WorkloadFacts> = {}): WorkloadFacts {
  const facts = recorded.get(name);
  assert.ok(facts, name);
  return { ...facts, ...changes };
}

const rolledOut = { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' };
const rollingOut = { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' };

describe('the health of a Deployment', () => {
  it('L-13c passes when every replica is updated and available', () => {
    assert.deepEqual(decideWorkloadHealth(read('web')), {
      health: 'pass',
      reason: '3 of 3 replicas are available',
    });
  });

  it('L-13c fails when it has exceeded its progress deadline', () => {
    const verdict = decideWorkloadHealth(read('crash'), { failure: 'crash-1: CrashLoopBackOff' });
    assert.equal(verdict.health, 'fail');
    assert.match(
      verdict.reason,
      /progress deadline: 0 of 1 replicas are available; crash-1: CrashLoopBackOff$/,
    );
  });

  it('is progressing while its controller has not seen the last change', () => {
    const verdict = decideWorkloadHealth(read('web', { generation: 9 }));
    assert.equal(verdict.health, 'progressing');
  });

  it('L-15b says how many replicas are updated', () => {
    const verdict = decideWorkloadHealth(read('web', { updated: 1, conditions: [rollingOut] }));
    assert.deepEqual(verdict, { health: 'progressing', reason: '1 of 3 replicas are updated' });
  });

  it('L-15b says how many old replicas are still to end', () => {
    const verdict = decideWorkloadHealth(read('web', { replicas: 4, conditions: [rollingOut] }));
    assert.deepEqual(verdict, { health: 'progressing', reason: '1 old replica is still to end' });
  });

  it('L-15b says how many replicas are available', () => {
    const verdict = decideWorkloadHealth(read('web', { available: 2, conditions: [rollingOut] }));
    assert.deepEqual(verdict, { health: 'progressing', reason: '2 of 3 replicas are available' });
  });

  it('fails when it was rolled out and then lost its minimum availability', () => {
    const lost = { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable' };
    const verdict = decideWorkloadHealth(read('web', { available: 0, conditions: [rolledOut, lost] }));
    assert.equal(verdict.health, 'fail');
  });

  it('fails when it was rolled out and a pod of its newest template fails', () => {
    const changes = { available: 2, conditions: [rolledOut] };
    assert.equal(decideWorkloadHealth(read('web', changes)).health, 'progressing');
    assert.equal(decideWorkloadHealth(read('web', changes), { failure: 'web-1: OOMKilled' }).health, 'fail');
  });

  it('is still progressing when a pod fails in the rollout, and names it', () => {
    const verdict = decideWorkloadHealth(read('web', { available: 2, conditions: [rollingOut] }), {
      failure: 'web-1: CrashLoopBackOff',
    });
    assert.deepEqual(verdict, {
      health: 'progressing',
      reason: '2 of 3 replicas are available; web-1: CrashLoopBackOff',
    });
  });

  describe('whose controller still speaks of the rollout before', () => {
    const timedOut = {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'ReplicaSet "web-bad" has timed out progressing.',
    };
    const back = (changes: Partial<WorkloadFacts> = {}) =>
      read('web', { replicas: 4, conditions: [timedOut], ...changes });

    it('L-21a is progressing while the failed pods have not gone', () => {
      assert.deepEqual(decideWorkloadHealth(back(), { newestReplicaSet: 'web-good' }), {
        health: 'progressing',
        reason: '1 old replica is still to end',
      });
    });

    it('L-21a is progressing while the pods before are made again', () => {
      const verdict = decideWorkloadHealth(back({ replicas: 1, updated: 0, available: 0 }), {
        newestReplicaSet: 'web-good',
      });
      assert.deepEqual(verdict, { health: 'progressing', reason: '0 of 3 replicas are updated' });
    });

    it('fails when it is the newest ReplicaSet that has missed the deadline', () => {
      const around = { newestReplicaSet: 'web-bad', readyPods: 2 };
      assert.equal(decideWorkloadHealth(back({ available: 2 }), around).health, 'fail');
      assert.equal(decideWorkloadHealth(back({ available: 2 })).health, 'fail');
    });

    it('does not fail by a deadline that an interrupted rollout left, when every new pod is ready', () => {
      const around = { newestReplicaSet: 'web-bad', readyPods: 3 };
      assert.deepEqual(decideWorkloadHealth(back(), around), {
        health: 'progressing',
        reason: '1 old replica is still to end',
      });
    });

    it('is not taken for one that was rolled out and then lost its pods', () => {
      const message = 'ReplicaSet "web-before" has successfully progressed.';
      const changes = { updated: 1, available: 0, conditions: [{ ...rolledOut, message }] };
      const verdict = decideWorkloadHealth(read('web', changes), {
        failure: 'web-1: ErrImagePull',
        newestReplicaSet: 'web-new',
      });
      assert.equal(verdict.health, 'progressing');
    });
  });

  it('says why its pods cannot be made', () => {
    const failure = { type: 'ReplicaFailure', status: 'True', message: 'exceeded quota' };
    const verdict = decideWorkloadHealth(read('web', { updated: 0, conditions: [rollingOut, failure] }));
    assert.deepEqual(verdict, { health: 'progressing', reason: 'its pods cannot be made: exceeded quota' });
  });

  it('passes when it is scaled to nothing, and says so', () => {
    const verdict = decideWorkloadHealth(
      read('web', { desired: 0, replicas: 0, updated: 0, ready: 0, available: 0 }),
    );
    assert.deepEqual(verdict, { health: 'pass', reason: 'it is scaled to 0 replicas' });
  });
});

describe('the health of a StatefulSet', () => {
  it('L-13c passes when all replicas are ready in the newest revision', () => {
    assert.deepEqual(decideWorkloadHealth(read('db')), {
      health: 'pass',
      reason: '2 of 2 replicas are ready',
    });
  });

  it('is progressing while replicas have the old revision', () => {
    const verdict = decideWorkloadHealth(read('db', { updateRevision: 'db-2', updated: 1 }));
    assert.deepEqual(verdict, { health: 'progressing', reason: '1 of 2 replicas are updated' });
  });

  it('is progressing when it went back in the middle of a rollout and a pod still has the other revision', () => {
    const verdict = decideWorkloadHealth(read('db', { updated: 1 }));
    assert.deepEqual(verdict, { health: 'progressing', reason: '1 of 2 replicas are updated' });
  });

  it('L-17e says which broken pod of another revision has to be deleted, since Kubernetes waits for it', () => {
    const stuck = { pod: 'db-1', failure: 'CrashLoopBackOff' };
    assert.deepEqual(decideWorkloadHealth(read('db', { ready: 1, updated: 1 }), { stuck }), {
      health: 'fail',
      reason:
        '1 of 2 replicas are ready; db-1 has another revision and is not ready (CrashLoopBackOff): Kubernetes waits ' +
        'for it and does not replace it, so delete it (kubectl delete pod db-1)',
    });
    const quiet = decideWorkloadHealth(read('db', { ready: 1, updated: 1 }), { stuck: { pod: 'db-1' } });
    assert.equal(quiet.health, 'progressing');
  });

  it('passes with a partition when the replicas above it are updated', () => {
    const verdict = decideWorkloadHealth(read('db', { updateRevision: 'db-2', updated: 1, partition: 1 }));
    assert.equal(verdict.health, 'pass');
    assert.match(verdict.reason, /partition 1/);
  });

  it('does not wait for replicas that change only when they are deleted', () => {
    const verdict = decideWorkloadHealth(read('db', { updateRevision: 'db-2', updated: 0, onDelete: true }));
    assert.equal(verdict.health, 'pass');
    assert.match(verdict.reason, /the rest change when they are deleted/);
  });

  it('fails when it was rolled out and a pod fails, since it has no deadline', () => {
    assert.equal(decideWorkloadHealth(read('db', { ready: 1 })).health, 'progressing');
    assert.equal(
      decideWorkloadHealth(read('db', { ready: 1 }), { failure: 'db-1: CrashLoopBackOff' }).health,
      'fail',
    );
  });
});

describe('the health of a DaemonSet', () => {
  it('L-13c passes when a pod is available on every node', () => {
    assert.deepEqual(decideWorkloadHealth(read('node-agent')), {
      health: 'pass',
      reason: '1 of 1 pods are available',
    });
  });

  it('is progressing while pods are to be updated or not available', () => {
    assert.equal(decideWorkloadHealth(read('node-agent', { desired: 3, updated: 1 })).health, 'progressing');
    assert.equal(decideWorkloadHealth(read('node-agent', { available: 0 })).health, 'progressing');
  });

  it('says how many pods are updated where they change only when they are deleted', () => {
    assert.deepEqual(decideWorkloadHealth(read('node-agent', { onDelete: true, updated: 0 })), {
      health: 'pass',
      reason: '0 of 1 pods are updated; the rest change when they are deleted',
    });
  });
});
