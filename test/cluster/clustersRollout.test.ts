import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Clusters } from '../../daemon/clusters/clusters.ts';
import { parsePod } from '../../daemon/clusters/parsePod.ts';
import { ResilientWatch } from '../../daemon/clusters/resilientWatch.ts';
import type { Component } from '../../daemon/model/procedure.ts';
import { decideRunningVersion } from '../../daemon/model/runningVersion.ts';
import type { EnvironmentState } from '../../daemon/watching/environmentState.ts';
import { SharedWatches } from '../../daemon/watching/sharedWatches.ts';
import { openClusters, rewriteKubeconfig, waitForState } from './openClusters.ts';
import { clusterStartMs, type SharedCluster, sharedCluster } from './sharedCluster.ts';
import { startTcpProxy } from './tcpProxy.ts';

const component: Component = {
  name: 'agent',
  workload: { kind: 'deployment', name: 'agent-name' },
  container: 'agent',
  helm: { release: 'kosmos', chart: 'chart', values: [], set: {}, timeout: '1m', install: true },
  methods: ['helm'],
};
const pattern = 'kosmos/agent:{version}';

const chart = {
  'Chart.yaml': 'apiVersion: v2\nname: kosmos\nversion: 1.2.3\nappVersion: v2.0.0\n',
  'values.yaml': 'image: {tag: v2.0.0}\nreplicas: 2\n',
  'templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: agent-name}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: agent, image: "kosmos/agent:{{ .Values.image.tag }}"}]}
`,
};

const isLive = ({ connection }: EnvironmentState) => connection.state === 'live';
const agent = ({ workloads }: EnvironmentState) => workloads.find(({ name }) => name === 'agent-name');

function running(state: EnvironmentState) {
  const { workloads, revisions, recorded } = state;
  const images = recorded['kosmos'];
  return decideRunningVersion({
    releases: [],
    component,
    pattern,
    workloads,
    revisions,
    ...(images ? { recorded: images } : {}),
  });
}

describe('An environment while it is deployed to', function () {
  this.timeout(120_000);
  let cluster: SharedCluster;
  let clusters: Clusters;
  let watches: SharedWatches;
  let folder: string;

  before(async function () {
    this.timeout(clusterStartMs);
    cluster = await sharedCluster();
    clusters = openClusters([cluster.sandbox.adminKubeconfig]);
    watches = new SharedWatches({ clusters });
    folder = await mkdtemp(join(tmpdir(), 'slipway-rollout-'));
    await mkdir(join(folder, 'chart/templates'), { recursive: true });
    for (const [name, text] of Object.entries(chart)) {
      await writeFile(join(folder, 'chart', name), text);
    }
  });

  after(async () => {
    watches?.dispose();
    clusters?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  // Two slow pods, one after the other, need 24 to 40 s by themselves.
  const upgrade = (namespace: string, ...more: string[]) =>
    cluster.helm(['upgrade', '--install', 'kosmos', join(folder, 'chart'), '-n', namespace, ...more], {
      limitMs: 150_000,
    });

  it('L-13a L-13b L-13c says what runs by the image, with the revision, and what Helm says when it differs', async () => {
    const namespace = await cluster.namespace('versions');
    const watch = watches.connect({ context: 'admin', namespace });
    await waitForState(watch, isLive);
    assert.deepEqual(running(watch.state), {});
    await upgrade(namespace, '--wait', '--labels', 'slipway.dev/promotion=p1');
    await waitForState(
      watch,
      state => running(state).helm?.status === 'deployed' && state.recorded['kosmos'] !== undefined,
    );
    const deployed = running(watch.state);
    assert.equal(deployed.version, 'v2.0.0');
    assert.equal(deployed.helmVersion, undefined);
    assert.equal(deployed.helm?.revision, 1);
    assert.equal(deployed.helm?.promotionId, 'p1');
    assert.equal(deployed.since, deployed.helm?.changedAt);
    assert.equal(agent(watch.state)?.health, 'pass');

    await cluster.kubectl([
      'set',
      'image',
      'deployment/agent-name',
      'agent=kosmos/agent:v2.0.9',
      '-n',
      namespace,
    ]);
    await waitForState(watch, state => running(state).version === 'v2.0.9');
    assert.equal(running(watch.state).helmVersion, 'v2.0.0');

    await upgrade(namespace, '--wait', '--set', 'image.tag=v2.1.0', '--force-conflicts');
    await waitForState(watch, state => {
      const { version, helmVersion, helm } = running(state);
      return version === 'v2.1.0' && helmVersion === undefined && helm?.revision === 2;
    });
    const statuses = watch.state.revisions.map(({ revision, status }) => `${revision} ${status}`);
    assert.deepEqual(statuses, ['1 superseded', '2 deployed']);
    watch.dispose();
  });

  it('L-15b shows how far each workload has got, and which pods are of the newest template', async () => {
    const namespace = await cluster.namespace('progress');
    const watch = watches.connect({ context: 'admin', namespace });
    await upgrade(namespace, '--wait');
    await waitForState(watch, state => agent(state)?.health === 'pass');
    const seen = new Set<string>();
    watch.onChanged(state => {
      const workload = agent(state);
      const old = workload?.pods.filter(pod => !pod.current).length ?? 0;
      seen.add(
        `${workload?.health} ${workload?.updated}/${workload?.desired} ${old > 0 ? 'with old pods' : ''}`.trim(),
      );
    });
    await upgrade(namespace, '--wait', '--set', 'image.tag=1.0-slow');
    await waitForState(watch, state => agent(state)?.health === 'pass');
    // The old ones take a moment to go.
    await waitForState(watch, state => agent(state)?.pods.every(pod => pod.current) ?? false);
    watch.dispose();
    assert.ok(seen.has('progressing 1/2 with old pods'), [...seen].join('; '));
    assert.equal(agent(watch.state)?.reason, '2 of 2 replicas are available');
  });

  it('L-16a knows reason, events and last lines of a crashing pod within 2 s of the pod status', async () => {
    const namespace = await cluster.namespace('crash');
    const watch = watches.connect({ context: 'admin', namespace });
    await waitForState(watch, isLive);
    // The moment at which the cluster itself says so, seen by a watch of the test's own.
    const crashed = Promise.withResolvers<number>();
    const pods = new ResilientWatch({
      connection: clusters.open('admin').connection,
      path: `/api/v1/namespaces/${namespace}/pods`,
      project: parsePod,
      onEvent: ({ value }) =>
        value.containers.some(
          ({ state }) => state.type === 'waiting' && state.reason === 'CrashLoopBackOff',
        ) && crashed.resolve(performance.now()),
      onStatus: () => undefined,
    });
    pods.start();
    const known = Promise.withResolvers<number>();
    watch.onChanged(({ causes }) => {
      const isBackOff = (event: string) => event.startsWith('Warning BackOff');
      if (causes.some(({ logLines, events }) => logLines.length > 0 && events.some(isBackOff))) {
        known.resolve(performance.now());
      }
    });
    await upgrade(namespace, '--set', 'image.tag=v2.2.0', '--set', 'replicas=1');
    const took = (await known.promise) - (await crashed.promise);
    pods.dispose();
    assert.ok(took < 2_000, `${took} ms`);
    const [cause] = watch.state.causes;
    assert.equal(cause?.workload, 'deployment/agent-name');
    assert.equal(cause?.container, 'agent');
    assert.equal(cause?.reason, 'CrashLoopBackOff');
    assert.match(cause?.message ?? '', /^Error, exit code 1; restarted/);
    assert.ok(
      cause?.events.some(event => /^Warning BackOff: /.test(event)),
      cause?.events.join('\n'),
    );
    assert.ok((cause?.logLines.length ?? 0) <= 40);
    assert.match(cause?.logLines.join('\n') ?? '', /error|exit/i);
    assert.match(
      agent(watch.state)?.reason ?? '',
      /0 of 1 replicas are available; agent-name-.*: CrashLoopBackOff/,
    );
    await cluster.kubectl(['delete', 'deployment', 'agent-name', '-n', namespace]);
    await waitForState(watch, ({ causes }) => causes.length === 0);
    watch.dispose();
  });

  it('L-16a explains pods that never become ready, cannot be pulled or find no node, at most three of a workload', async () => {
    const namespace = await cluster.namespace('causes');
    const watch = watches.connect({ context: 'admin', namespace });
    await upgrade(namespace, '--set', 'image.tag=1-pullerror', '--set', 'replicas=5');
    await cluster.kubectl(['create', '-n', namespace, '-f', '-'], {
      input: JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'toobig' },
        spec: {
          serviceName: 'toobig',
          selector: { matchLabels: { app: 'toobig' } },
          template: {
            metadata: { labels: { app: 'toobig' } },
            spec: { containers: [{ name: 'c', image: 'x:1', resources: { requests: { cpu: '100000' } } }] },
          },
        },
      }),
    });
    const reasons = ({ causes }: EnvironmentState) => causes.map(({ reason }) => reason).sort();
    await waitForState(watch, state => reasons(state).filter(reason => /Image/.test(reason)).length === 3);
    await waitForState(watch, state => reasons(state).includes('Unschedulable'));
    const big = watch.state.causes.find(({ workload }) => workload === 'statefulset/toobig');
    assert.match(big?.message ?? '', /Insufficient cpu/);
    await waitForState(
      watch,
      state => agent(state)?.pods.filter(pod => pod.failure !== undefined).length === 5,
    );
    assert.ok(watch.state.causes.filter(({ workload }) => workload === 'deployment/agent-name').length <= 3);
    watch.dispose();
  });

  it('L-13e tells a lone change at once and a storm of 500 at most every 60 ms', async () => {
    const namespace = await cluster.namespace('storm');
    const watch = watches.connect({ context: 'admin', namespace });
    await upgrade(namespace, '--wait', '--set', 'replicas=0');
    await waitForState(watch, state => agent(state) !== undefined && state.recorded['kosmos'] !== undefined);
    const { connection } = clusters.open('admin');
    const label = async (count: number) => {
      const text = await connection.send({
        method: 'PATCH',
        path: `/apis/apps/v1/namespaces/${namespace}/deployments/agent-name`,
        contentType: 'application/merge-patch+json',
        body: JSON.stringify({ metadata: { labels: { 'app.kubernetes.io/version': `s${count}` } } }),
      });
      return z.object({ metadata: z.object({ resourceVersion: z.string() }) }).parse(JSON.parse(text));
    };
    const version = (state: EnvironmentState) => state.labelled['deployment/agent-name']?.version;
    const lone: number[] = [];
    for (let count = 1; count <= 9; count += 1) {
      // Apart, so that each is alone: longer than the interval in which a storm is told as one.
      await new Promise(resolve => setTimeout(resolve, 150));
      const seen = waitForState(watch, state => version(state) === `s${count}`);
      await label(count);
      const answered = performance.now();
      await seen;
      lone.push(performance.now() - answered);
    }
    const median = lone.sort((left, right) => left - right)[4] ?? Number.POSITIVE_INFINITY;
    assert.ok(median < 60, `told ${median} ms after the API server's answer`);

    const told: number[] = [];
    watch.onChanged(() => told.push(performance.now()));
    const started = performance.now();
    for (let count = 10; count < 510; count += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, index) => label(count + index)));
    }
    await label(999);
    await waitForState(watch, state => version(state) === 's999');
    const took = performance.now() - started;
    watch.dispose();
    assert.ok(told.length <= took / 60 + 2, `${told.length} times in ${Math.round(took)} ms`);
    assert.ok(told.length >= 2);
  });

  it('shares one watch between environments with the same target', async () => {
    const namespace = await cluster.namespace('shared');
    const proxy = await startTcpProxy(cluster.sandbox.server);
    const path = join(folder, 'shared.yaml');
    await rewriteKubeconfig(cluster.sandbox.adminKubeconfig, path, { cluster: { server: proxy.url } });
    const through = openClusters([path]);
    const shared = new SharedWatches({ clusters: through });
    const first = shared.connect({ context: 'admin', namespace });
    await waitForState(first, isLive);
    const opened = proxy.opened();
    const second = shared.connect({ context: 'admin', namespace });
    assert.equal(second.state, first.state);
    first.dispose();
    await cluster.kubectl(['create', 'deployment', 'web', '--image=x:1', '--replicas=0', '-n', namespace]);
    await waitForState(second, ({ workloads }) => workloads.length === 1);
    assert.ok(proxy.opened() - opened <= 2, 'no further watches were opened');
    second.dispose();
    through.dispose();
    await proxy.close();
  });

  it('works without the right to list Secrets, and says what is missing', async () => {
    const namespace = await cluster.namespace('observer');
    await upgrade(namespace, '--wait');
    const own = openClusters([cluster.sandbox.kubeconfigPath('paul')]);
    const shared = new SharedWatches({ clusters: own });
    const watch = shared.connect({ context: 'kosmos-production', namespace });
    await waitForState(
      watch,
      state => isLive(state) && state.notices.length > 0 && agent(state) !== undefined,
    );
    const { revisions, notices } = watch.state;
    assert.deepEqual(revisions, []);
    assert.deepEqual(notices, [
      `Helm's record is not shown, and versions come from images and labels alone: paul may not list secrets in namespace ${namespace} (context "kosmos-production").`,
    ]);
    assert.equal(running(watch.state).version, 'v2.0.0');
    assert.equal(watch.state.labelled['deployment/agent-name']?.release, 'kosmos');
    watch.dispose();
    own.dispose();
  });

  it('names verb, resource, namespace and person where a right is missing', async () => {
    await cluster.kubectl(['create', 'namespace', 'nobodys']);
    const own = openClusters([cluster.sandbox.kubeconfigPath('alice')]);
    const shared = new SharedWatches({ clusters: own });
    const watch = shared.connect({ context: 'kosmos-production', namespace: 'nobodys' });
    await waitForState(watch, ({ connection }) => /deployments.*pods/.test(connection.reason ?? ''));
    assert.equal(watch.state.connection.state, 'forbidden');
    assert.match(
      watch.state.connection.reason ?? '',
      /alice may not watch deployments\.apps in namespace nobodys \(context "kosmos-production"\)/,
    );
    watch.dispose();
    own.dispose();
  });
});
