import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readClusterId } from '../../daemon/clusters/clusterIdentity.ts';
import type { Clusters } from '../../daemon/clusters/clusters.ts';
import type { EnvironmentState } from '../../daemon/watching/environmentState.ts';
import { EnvironmentWatch } from '../../daemon/watching/environmentWatch.ts';
import { runCommand } from '../../sandbox/runCommand.ts';
import { type BareControlPlane, startBareControlPlane } from './bareControlPlane.ts';
import { openClusters, rewriteKubeconfig, waitForState } from './openClusters.ts';
import { clusterStartMs } from './sharedCluster.ts';
import { startTcpProxy, type TcpProxy } from './tcpProxy.ts';

const isLive = ({ connection }: EnvironmentState) => connection.state === 'live';
const isStale = ({ connection }: EnvironmentState) => connection.state === 'stale';
const desired = ({ workloads }: EnvironmentState) => workloads.find(({ name }) => name === 'web')?.desired;

describe('An environment whose cluster goes away', function () {
  this.timeout(120_000);
  let plane: BareControlPlane;
  let clusters: Clusters;
  let folder: string;
  const cleanups: (() => unknown)[] = [];

  /** Ends something after the test, however that ends; what was begun last ends first. */
  const ending = <T>(thing: T, end: (thing: T) => unknown): T => {
    cleanups.push(() => end(thing));
    return thing;
  };

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) {
      await cleanup();
    }
  });

  before(async function () {
    this.timeout(clusterStartMs);
    plane = await startBareControlPlane();
    clusters = openClusters([plane.kubeconfigPath('admin')]);
    folder = await mkdtemp(join(tmpdir(), 'slipway-outage-'));
    await kubectl('create', 'deployment', 'web', '--image=kosmos/agent:v2.0.0', '-n', 'default');
  });

  after(async () => {
    clusters?.dispose();
    await plane?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const kubectl = (...args: string[]) =>
    runCommand(plane.tools.kubectl, args, { env: { KUBECONFIG: plane.kubeconfigPath('admin') } });
  const scale = (replicas: number) =>
    kubectl('scale', 'deployment', 'web', '-n', 'default', `--replicas=${replicas}`);

  function connect(options: { clusterId?: string; through?: Clusters } = {}): EnvironmentWatch {
    const { through = clusters, ...rest } = options;
    const watch = new EnvironmentWatch({
      clusters: through,
      context: 'admin',
      namespace: 'default',
      ...rest,
    });
    watch.connect();
    return ending(watch, () => watch.dispose());
  }

  /** The way to the same cluster through a proxy that the test can cut. */
  async function throughProxy(): Promise<{ readonly proxy: TcpProxy; readonly through: Clusters }> {
    const proxy = ending(await startTcpProxy(plane.server), one => one.close());
    const path = join(folder, `${new URL(proxy.url).port}.yaml`);
    await rewriteKubeconfig(plane.kubeconfigPath('admin'), path, { cluster: { server: proxy.url } });
    return { proxy, through: ending(openClusters([path]), one => one.dispose()) };
  }

  it('L-13f L-13g is said to be silent within 5 s, and recovers by itself', async () => {
    const watch = connect();
    await waitForState(watch, isLive);
    const stopped = Date.now();
    plane.signal('SIGSTOP');
    try {
      const took = await waitForState(watch, isStale, 5_000);
      assert.ok(took < 5_000, `${took} ms`);
      const { connection, workloads } = watch.state;
      assert.match(connection.reason ?? '', /cannot be reached: it did not answer in time/);
      const since = Date.parse(connection.staleSince ?? '');
      assert.ok(since <= stopped + 50 && since > stopped - 5_000, `stale since ${connection.staleSince}`);
      assert.equal(workloads.length, 1, 'what was known last is still shown');
    } finally {
      plane.signal('SIGCONT');
    }
    await waitForState(watch, isLive);
    assert.equal(watch.state.connection.staleSince, undefined);
    await scale(2);
    await waitForState(watch, state => desired(state) === 2, 2_000);
  });

  it('L-13f L-13g is said to be down within 5 s, recovers by itself and misses nothing', async () => {
    const watch = connect();
    await waitForState(watch, isLive);
    await plane.killApiServer();
    const took = await waitForState(watch, isStale, 5_000);
    assert.ok(took < 5_000, `${took} ms`);
    assert.match(watch.state.connection.reason ?? '', /nothing listens there|was cut/);
    await plane.startApiServer();
    await scale(3);
    await waitForState(watch, state => isLive(state) && desired(state) === 3);
  });

  it('L-13g is not called stale for a cut connection that is back at once', async () => {
    const { proxy, through } = await throughProxy();
    const watch = connect({ through });
    await waitForState(watch, isLive);
    const seen = new Set<string>();
    watch.onChanged(({ connection }) => seen.add(connection.state));
    for (let count = 1; count <= 3; count += 1) {
      proxy.cut();
      await scale(10 + count);
      await waitForState(watch, state => desired(state) === 10 + count);
    }
    assert.deepEqual([...seen], ['live']);
  });

  it('L-13f is said within 5 s to be unreachable when it never answered', async () => {
    const { proxy, through } = await throughProxy();
    proxy.swallow(true);
    const watch = connect({ through });
    const took = await waitForState(watch, ({ connection }) => connection.state === 'failed', 5_000);
    assert.ok(took < 5_000, `${took} ms`);
    assert.match(watch.state.connection.reason ?? '', /did not answer in time/);
    proxy.swallow(false);
    proxy.cut();
    await waitForState(watch, isLive);
  });

  it('shows nothing of a cluster that is not the one that is meant', async () => {
    const watch = connect({ clusterId: '00000000-0000-0000-0000-000000000000' });
    await waitForState(watch, ({ connection }) => connection.state === 'wrongCluster');
    assert.deepEqual(watch.state.workloads, []);
    assert.match(watch.state.connection.reason ?? '', /leads to the cluster .*, not to 00000000-/);
  });

  it('refuses a spawn on the wrong cluster, and gives the tool the kubeconfig that was confirmed', async () => {
    const id = await readClusterId(clusters.open('admin').connection);
    const text = await clusters.confirm('admin', id);
    assert.match(text, new RegExp(`server: ${plane.server}`));
    await assert.rejects(clusters.confirm('admin', 'another'), { code: 'wrongCluster' });
  });

  it('notices another cluster that answers under the same address', async () => {
    const other = ending(await startBareControlPlane({ certificates: plane.certificates }), one =>
      one.stop(),
    );
    const { proxy, through } = await throughProxy();
    const id = await readClusterId(through.open('admin').connection);
    const pinned = connect({ through, clusterId: id });
    const free = connect({ through });
    await Promise.all([waitForState(pinned, isLive), waitForState(free, isLive)]);
    assert.equal(free.state.workloads.length, 1);
    proxy.redirect(other.server);
    proxy.cut();
    await waitForState(pinned, ({ connection }) => connection.state === 'wrongCluster');
    assert.equal(pinned.state.workloads.length, 1, 'what was known of the right cluster stays');
    await waitForState(free, state => isLive(state) && state.workloads.length === 0);
    proxy.redirect(plane.server);
    proxy.cut();
    await waitForState(pinned, isLive, 30_000);
    await waitForState(free, state => isLive(state) && state.workloads.length === 1, 30_000);
  });

  it('contacts nothing before it is connected, and nothing after it is disposed', async () => {
    const { proxy, through } = await throughProxy();
    await through.readKubeconfig();
    const watch = new EnvironmentWatch({ clusters: through, context: 'admin', namespace: 'default' });
    assert.equal(watch.state.connection.state, 'notConnected');
    assert.equal(proxy.opened(), 0);
    watch.connect();
    await waitForState(watch, isLive);
    watch.dispose();
    const opened = proxy.opened();
    proxy.cut();
    // Nothing is to come: longer than the first pauses before a connection is tried again.
    await new Promise(resolve => setTimeout(resolve, 3_000));
    assert.equal(proxy.opened(), opened);
  });
});
