import assert from 'node:assert/strict';
import { parsePod } from '../../../daemon/clusters/parsePod.ts';
import type { ContainerFacts, PodFacts } from '../../../daemon/model/podFacts.ts';
import { decidePodFailure, describeContainerEnd } from '../../../daemon/model/podFailure.ts';
import { readRecord } from '../clusters/readRecord.ts';

const pods = readRecord<unknown[]>('pods').map(parsePod);
/** When the records were taken. */
const taken = Date.parse('2026-11-23T21:04:50Z');

function read(start: string): PodFacts {
  const pod = pods.find(({ name }) => name.startsWith(start));
  assert.ok(pod, start);
  return pod;
}

function change(pod: PodFacts, container: Partial<ContainerFacts>): PodFacts {
  const [first, ...rest] = pod.containers;
  assert.ok(first);
  return { ...pod, containers: [{ ...first, ...container }, ...rest] };
}

describe('the failure of a pod', () => {
  it('is none for one that is ready', () => {
    assert.deepEqual(decidePodFailure(read('web-'), taken), {});
  });

  it('L-16a is a crash loop with how the container ended and how often', () => {
    assert.deepEqual(decidePodFailure(read('crash-'), taken).failure, {
      container: 'agent',
      reason: 'CrashLoopBackOff',
      message: 'Error, exit code 1; restarted 3 times',
      restarts: 3,
    });
  });

  it('L-16a is an image that cannot be pulled', () => {
    assert.deepEqual(decidePodFailure(read('pull-'), taken).failure, {
      container: 'agent',
      reason: 'ImagePullBackOff',
      message: 'Back-off pulling image "x:1-pullerror"',
      restarts: 0,
    });
  });

  it('L-16a is what the scheduler says of a pod that no node takes', () => {
    const { failure } = decidePodFailure(read('toobig-'), taken);
    assert.equal(failure?.reason, 'Unschedulable');
    assert.match(failure?.message ?? '', /1 Insufficient cpu/);
  });

  it('L-16a is a container whose readiness probe has had its time and has not passed', () => {
    const pod = read('never-');
    const started = Date.parse('2026-11-23T21:03:50Z');
    assert.deepEqual(decidePodFailure(pod, started + 29_000), { decideAgainAt: started + 30_000 });
    assert.equal(decidePodFailure(pod, started + 30_000).failure?.reason, 'NotReady');
  });

  it('gives a slow start the time that its startup probe allows', () => {
    const pod = change(read('never-'), { readySeconds: 300 });
    assert.equal(decidePodFailure(pod, taken).failure, undefined);
  });

  it('L-16a is a ready container that keeps being killed, until it has stayed for two minutes', () => {
    const pod = read('restarts-');
    const verdict = decidePodFailure(pod, taken);
    assert.equal(verdict.failure?.reason, 'OOMKilled');
    assert.match(verdict.failure?.message ?? '', /^OOMKilled, exit code 137; restarted \d times$/);
    assert.ok(verdict.decideAgainAt);
    assert.deepEqual(decidePodFailure(pod, verdict.decideAgainAt), {});
  });

  it('is seen between the restarts of a crash loop, too', () => {
    const pod = change(read('crash-'), { state: { type: 'running', startedAt: '2026-11-23T21:04:49Z' } });
    assert.equal(decidePodFailure(pod, taken).failure?.reason, 'Error');
  });

  it('is not a restart of long ago', () => {
    const pod = change(read('crash-'), { state: { type: 'running', startedAt: '2026-11-23T20:04:49Z' } });
    assert.equal(decidePodFailure(pod, taken).failure, undefined);
  });

  it('is a container that lacks its configuration', () => {
    const pod = change(read('pull-'), {
      state: { type: 'waiting', reason: 'CreateContainerConfigError', message: 'secret "db" not found' },
    });
    assert.deepEqual(decidePodFailure(pod, taken).failure, {
      container: 'agent',
      reason: 'CreateContainerConfigError',
      message: 'secret "db" not found',
      restarts: 0,
    });
  });

  it('is not a container that is being created', () => {
    const pod = change(read('pull-'), { state: { type: 'waiting', reason: 'ContainerCreating' } });
    assert.deepEqual(decidePodFailure(pod, taken), {});
  });

  it('names an init container that fails before the containers that wait for it', () => {
    const pod = read('pull-');
    const [waiting] = pod.containers;
    assert.ok(waiting);
    const init: ContainerFacts = {
      ...waiting,
      name: 'migrate',
      init: true,
      state: { type: 'terminated', end: { exitCode: 3, reason: 'Error', message: 'no such table' } },
    };
    const main = { ...waiting, state: { type: 'waiting', reason: 'PodInitializing' } as const };
    assert.deepEqual(decidePodFailure({ ...pod, containers: [init, main] }, taken).failure, {
      container: 'migrate',
      reason: 'Error',
      message: 'Error, exit code 3: no such table',
      restarts: 0,
    });
  });

  it('is what the kubelet says of a pod that was evicted', () => {
    const pod: PodFacts = { ...read('web-'), phase: 'Failed', reason: 'Evicted', message: 'low on disk' };
    assert.deepEqual(decidePodFailure(pod, taken).failure, {
      container: '',
      reason: 'Evicted',
      message: 'low on disk',
      restarts: 0,
    });
  });

  it('is none for a pod that is being deleted', () => {
    assert.deepEqual(decidePodFailure({ ...read('crash-'), deleting: true }, taken), {});
  });
});

describe('how a container ended', () => {
  it('names the signal behind an exit code', () => {
    assert.equal(describeContainerEnd({ exitCode: 143, reason: 'Error' }), 'Error, exit code 143 (SIGTERM)');
    assert.equal(describeContainerEnd({ exitCode: 137, reason: 'OOMKilled' }), 'OOMKilled, exit code 137');
    assert.equal(describeContainerEnd({ exitCode: 0 }), 'Completed, exit code 0');
  });
});
