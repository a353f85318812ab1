import assert from 'node:assert/strict';
import { buildDigest } from '../../../daemon/model/digest.ts';
import type { Component, Environment } from '../../../daemon/model/procedure.ts';
import type { HelmRevision } from '../../../daemon/model/rollout.ts';
import { buildEnvironmentView, type EnvironmentFacts } from '../../../daemon/watching/environmentView.ts';
import { aWorkload } from '../../builders/views.ts';

const environment: Environment = {
  name: 'staging',
  guarded: false,
  unavailable: [],
  policyHash: buildDigest('policy'),
  policyParts: [],
};
const helm = {
  release: 'kosmos-{environment}',
  chart: 'c',
  values: [],
  set: {},
  timeout: '5m',
  install: true,
};
const component: Component = {
  name: 'agent',
  workload: { kind: 'deployment', name: 'agent-name' },
  helm,
  methods: ['helm'],
};

function row(release: string, revision: number, status: string): HelmRevision {
  return { release, namespace: 'kosmos', revision, status, changedAt: '2026-11-23T14:00:00.000Z' };
}

function look(values: Partial<EnvironmentFacts>) {
  return buildEnvironmentView({
    environment,
    components: [component],
    imagePatterns: { agent: 'kosmos/agent:{version}' },
    releases: [],
    connection: { state: 'live' },
    workloads: [aWorkload()],
    revisions: [],
    causes: [],
    recorded: {},
    isOurs: () => false,
    busy: false,
    notices: [],
    ...values,
  });
}

describe('the view of an environment', () => {
  it('L-13c finds the revision of a release whose name holds the environment', () => {
    const { running } = look({
      revisions: [row('kosmos-staging', 3, 'deployed'), row('kosmos', 9, 'deployed')],
    });
    assert.equal(running[0]?.helm?.revision, 3);
  });

  it('L-13a finds the workload of a component that names none by its image, and its health', () => {
    const { workload: _, ...nameless } = component;
    const view = look({
      components: [nameless],
      workloads: [aWorkload({ name: 'other', images: { x: 'x:1' } }), aWorkload({ health: 'fail' })],
    });
    assert.deepEqual([view.running[0]?.version, view.health], ['v2.0.0', 'fail']);
  });

  it('L-13a calls what runs by its release where the image carries the commit', () => {
    const releases = [
      { version: 'v2.1.0', commit: `b${'0'.repeat(39)}` },
      { version: 'v2.0.0', commit: `a${'0'.repeat(39)}` },
    ];
    const versionOf = (image: string) =>
      look({
        releases,
        imagePatterns: { agent: 'kosmos/agent:{commit}' },
        workloads: [aWorkload({ images: { agent: image } })],
      }).running[0]?.version;
    assert.equal(versionOf('kosmos/agent:a000000'), 'v2.0.0');
    assert.equal(versionOf(`kosmos/agent:b${'0'.repeat(39)}`), 'v2.1.0');
    assert.equal(versionOf('kosmos/agent:c000000'), 'c000000', 'a commit that is no release');
  });

  it("L-17b tells a pending newest row of a component's release", () => {
    const rows = [row('kosmos-staging', 3, 'deployed'), row('kosmos-staging', 4, 'pending-upgrade')];
    assert.equal(look({ revisions: rows }).pendingRevision?.revision, 4);
    assert.equal(
      look({ revisions: [...rows, row('kosmos-staging', 5, 'deployed')] }).pendingRevision,
      undefined,
    );
    assert.equal(look({ revisions: rows, busy: true }).pendingRevision, undefined);
  });

  it('L-17b does not take the pending row of a release that is none of ours for one to repair', () => {
    assert.equal(look({ revisions: [row('database', 7, 'pending-upgrade')] }).pendingRevision, undefined);
  });
});
