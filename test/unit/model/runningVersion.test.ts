import assert from 'node:assert/strict';
import type { Component } from '../../../daemon/model/procedure.ts';
import type { HelmRevision, WorkloadStatus } from '../../../daemon/model/rollout.ts';
import {
  decideRunningVersion,
  findRelease,
  findVersion,
  isSameImage,
  type RunningInput,
} from '../../../daemon/model/runningVersion.ts';

const component: Component = {
  name: 'agent',
  workload: { kind: 'deployment', name: 'agent-name' },
  container: 'agent',
  helm: { release: 'kosmos', chart: 'charts/kosmos', values: [], set: {}, timeout: '5m', install: true },
  methods: ['helm'],
};
const pattern = 'kosmos/agent:{version}';

const decide = (input: Omit<RunningInput, 'releases'>) => decideRunningVersion({ ...input, releases: [] });

function workload(image: string): WorkloadStatus {
  return {
    kind: 'Deployment',
    name: 'agent-name',
    uid: 'u',
    images: { proxy: 'envoy:1', agent: image },
    desired: 1,
    updated: 1,
    ready: 1,
    available: 1,
    health: 'pass',
    reason: '',
    since: '2026-11-23T12:00:00.000Z',
    pods: [],
  };
}

function row(revision: number, status: string): HelmRevision {
  return {
    release: 'kosmos',
    namespace: 'kosmos',
    revision,
    status,
    changedAt: `2026-11-2${revision}T00:00:00.000Z`,
  };
}

describe('the version in an image', () => {
  it('L-13a is found by the pattern', () => {
    assert.equal(findVersion('kosmos/agent:v2.1.0', pattern), 'v2.1.0');
    assert.equal(
      findVersion(
        'registry:5000/kosmos/agent:develop-1a2b3c4',
        'registry:5000/kosmos/agent:develop-{commit}',
      ),
      '1a2b3c4',
    );
  });

  it('L-13a does not mind a digest, nor the names of Docker Hub', () => {
    assert.equal(findVersion(`docker.io/kosmos/agent:v2.1.0@sha256:${'a'.repeat(64)}`, pattern), 'v2.1.0');
    assert.equal(findVersion('docker.io/library/nginx:1.27', 'nginx:{version}'), '1.27');
  });

  it('L-13a is none when the image is another one', () => {
    assert.equal(findVersion('kosmos/agentx:v2.1.0', pattern), undefined);
    assert.equal(findVersion('other/kosmos/agent:v2.1.0', pattern), undefined);
    assert.equal(findVersion('kosmosxagent:v2.1.0', 'kosmos.agent:{version}'), undefined);
    assert.equal(findVersion('kosmos/agent', pattern), undefined);
  });

  it('L-13a is that of the newest release of a number, where the images carry no more', () => {
    const releases = ['agent/v1.3.0', 'agent/v1.2.3', 'v1.2.3'].map(version => ({
      version,
      commit: 'c0ffee',
    }));
    const find = (image: string) => findRelease(image, { pattern: 'example/agent:{number}', releases });
    assert.equal(find('example/agent:1.2.3'), 'agent/v1.2.3');
    assert.equal(find('example/agent:1.3.0'), 'agent/v1.3.0');
    assert.equal(find('example/agent:9.9.9'), '9.9.9');
    assert.equal(find('example/other:1.2.3'), undefined);
  });

  it('is the same everywhere where the pattern has it twice', () => {
    const twice = 'kosmos/{version}/agent:{version}-{commit}';
    assert.equal(findVersion('kosmos/v2/agent:v2-0123456789', twice), 'v2');
    assert.equal(findVersion('kosmos/v1/agent:v2-0123456789', twice), undefined);
  });

  it('is the tag without a pattern', () => {
    assert.equal(findVersion('registry:5000/kosmos/agent:v2.1.0', undefined), 'v2.1.0');
    assert.equal(findVersion('registry:5000/kosmos/agent', undefined), undefined);
  });
});

describe('two images', () => {
  it('are the same whatever Docker Hub’s own names and a digest that was not asked for', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    assert.ok(isSameImage('docker.io/example/web:v1', 'example/web:v1'));
    assert.ok(isSameImage('redis:7', 'index.docker.io/library/redis:7'));
    assert.ok(isSameImage(`example/web:v1@${digest}`, 'example/web:v1'));
    assert.ok(!isSameImage('example/web:v2', 'example/web:v1'));
    assert.ok(!isSameImage('ghcr.io/example/web:v1', 'example/web:v1'));
  });

  it('are others where a digest was asked for and another one, or none, is there', () => {
    const [left, right] = ['a', 'b'].map(digit => `example/web:v1@sha256:${digit.repeat(64)}`);
    assert.ok(left !== undefined && right !== undefined);
    assert.ok(isSameImage(left, left));
    assert.ok(!isSameImage(left, right));
    assert.ok(!isSameImage('example/web:v1', right));
  });
});

describe('what runs for a component', () => {
  it('L-13a is the version of its own container in its workload', () => {
    const running = decide({
      component,
      pattern,
      workloads: [workload('kosmos/agent:v2.1.0')],
      revisions: [],
    });
    assert.deepEqual(running, {
      version: 'v2.1.0',
      image: 'kosmos/agent:v2.1.0',
      since: '2026-11-23T12:00:00.000Z',
    });
  });

  it("L-13b has Helm's version beside it when they differ", () => {
    const running = decide({
      component,
      pattern,
      workloads: [workload('kosmos/agent:v2.1.1')],
      revisions: [row(1, 'superseded'), row(2, 'deployed')],
      recorded: { 'deployment/agent-name': { agent: 'kosmos/agent:v2.1.0' } },
    });
    assert.equal(running.version, 'v2.1.1');
    assert.equal(running.helmVersion, 'v2.1.0');
    assert.equal(running.helm?.revision, 2);
    assert.equal(running.since, '2026-11-23T12:00:00.000Z');
  });

  it("L-13b is silent about Helm's version when it is the same", () => {
    const running = decide({
      component,
      pattern,
      workloads: [workload('kosmos/agent:v2.1.0')],
      revisions: [row(2, 'deployed')],
      recorded: { 'deployment/agent-name': { agent: 'kosmos/agent:v2.1.0' } },
    });
    assert.equal('helmVersion' in running, false);
    assert.equal(running.since, row(2, 'deployed').changedAt);
  });

  it('L-13c has the highest deployed revision, not a failed one above it', () => {
    const revisions = [row(1, 'superseded'), row(2, 'deployed'), row(3, 'failed')];
    assert.equal(decide({ component, workloads: [], revisions }).helm?.revision, 2);
    const none = [row(1, 'failed'), row(2, 'pending-install')];
    assert.equal(decide({ component, workloads: [], revisions: none }).helm?.revision, 2);
  });

  it('is nothing in an empty namespace', () => {
    assert.deepEqual(decide({ component, pattern, workloads: [], revisions: [] }), {});
  });

  it('finds the workload by the image when the procedure names none', () => {
    const { workload: _workload, container: _container, ...nameless } = component;
    const running = decide({
      component: { ...nameless, container: 'agent' },
      pattern,
      workloads: [{ ...workload('x:1'), name: 'other' }, workload('kosmos/agent:v2.1.0')],
      revisions: [],
    });
    assert.equal(running.version, 'v2.1.0');
  });
});
