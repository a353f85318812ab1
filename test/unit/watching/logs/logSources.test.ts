import assert from 'node:assert/strict';
import { ClusterError } from '../../../../daemon/clusters/clusterError.ts';
import type { Cluster } from '../../../../daemon/clusters/clusters.ts';
import { parsePod } from '../../../../daemon/clusters/parsePod.ts';
import type { PodFacts } from '../../../../daemon/model/podFacts.ts';
import { type LogRequest, LogSources } from '../../../../daemon/watching/logs/logSources.ts';
import type { SharedWatch } from '../../../../daemon/watching/sharedWatches.ts';
import { openTestStore, type TestStore } from './testStore.ts';

/** A cluster whose pods say one line, and then nothing until they are gone. */
class FakeCluster {
  readonly pods = new Map<string, PodFacts>();
  readonly #objects = new Map<string, object>();
  readonly asked: { readonly pod: string; readonly query: LogAsked['query'] }[] = [];

  /** A pod, or the same pod with a container that somebody has added to look at it. */
  add(
    name: string,
    { debugger: added, isOver = false }: { readonly debugger?: string; readonly isOver?: boolean } = {},
  ): void {
    const running = {
      ready: true,
      restartCount: 0,
      state: { running: { startedAt: '2026-11-25T21:00:00Z' } },
    };
    const object = {
      metadata: { uid: `uid-${name}`, name, namespace: 'shop', creationTimestamp: '2026-11-25T21:00:00Z' },
      spec: { containers: [{ name: 'app' }], ...(added ? { ephemeralContainers: [{ name: added }] } : {}) },
      status: {
        phase: 'Running',
        containerStatuses: [
          {
            ...running,
            ...(isOver ? { state: { terminated: { exitCode: 0, containerID: `run-${name}` } } } : {}),
            name: 'app',
            containerID: `run-${name}`,
          },
        ],
        ...(added
          ? { ephemeralContainerStatuses: [{ ...running, name: added, containerID: `${added}-${name}` }] }
          : {}),
      },
    };
    this.#objects.set(name, object);
    this.pods.set(name, parsePod(object));
  }

  remove(name: string): void {
    this.#objects.delete(name);
    this.pods.delete(name);
  }

  readonly connection = {
    context: 'here',
    send: async ({ path }: { path: string }) => {
      const object = this.#objects.get(path.split('/').at(-1) ?? '');
      if (!object) {
        throw new ClusterError('notFound', 'It is not there.', { status: 404 });
      }
      return JSON.stringify(object);
    },
    stream: async ({ path, query, signal }: LogAsked) => {
      const pod = path.split('/').at(-2) ?? '';
      this.asked.push({ pod, query });
      return say(
        query['container'] === 'app' ? pod : `${query['container']} of ${pod}`,
        query['follow'] ? signal : undefined,
      );
    },
  };

  get watch(): SharedWatch {
    const { pods } = this;
    return {
      state: { connection: { state: 'live' } },
      get pods() {
        return [...pods.values()];
      },
      podsOf: () => [...pods.values()],
      confirmIdentity: async () => undefined,
      doubtIdentity: () => undefined,
    } as unknown as SharedWatch;
  }
}

type LogAsked = {
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
};

async function* say(pod: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  yield Buffer.from(`2026-11-25T21:24:25.123456789Z here is ${pod}\n`);
  if (signal) {
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }
}

describe('the sources of a log of more containers than are followed at a time', () => {
  let cluster: FakeCluster;
  let bed: TestStore;
  let sources: LogSources;

  beforeEach(() => {
    cluster = new FakeCluster();
    bed = openTestStore();
  });
  afterEach(() => {
    sources.dispose();
    bed.dispose();
  });

  const open = (request: Partial<LogRequest> = {}) => {
    sources = openSources(cluster, bed, { request, most: 2 });
  };

  const states = () => sources.views.map(({ pod, state }) => `${pod} ${state}`);

  it('P-06i are followed when others have ended, each from its first line that is wanted', async function () {
    this.timeout(20_000);
    cluster.add('a');
    cluster.add('b');
    cluster.add('c');
    open({ tailLines: 100 });
    await until(() => states().join() === 'a live,b live,c failed');
    assert.match(sources.views[2]?.reason ?? '', /^Not followed yet: a log follows 2 containers at a time\./);
    cluster.add('d');
    sources.update();
    cluster.remove('a');
    cluster.remove('b');
    sources.update();
    await until(() => states().join() === 'a ended,b ended,c live,d live');
    const queries = new Map(
      cluster.asked.map(({ pod, query }) => [`${pod} ${query['follow'] === true}`, query]),
    );
    assert.equal(queries.get('a false')?.['tailLines'], 100);
    // What it wrote since the log was opened is wanted, however much that is.
    assert.equal(queries.get('c false')?.['tailLines'], undefined);
    assert.ok(Number(queries.get('c false')?.['sinceSeconds']) >= 1);
    const texts = await readTexts(bed);
    assert.deepEqual(
      texts.filter(text => text.startsWith('here')),
      ['here is a', 'here is b', 'here is c', 'here is d'],
    );
    assert.equal(bed.store.gaps, 0);
  });

  it('P-06i are those that run before those that have ended, and it is said what is left out of the others', async () => {
    cluster.add('a', { isOver: true });
    cluster.add('b');
    cluster.add('c');
    open({ tailLines: 100 });
    await until(() => states().join() === 'b live,c live,a failed');
    cluster.remove('b');
    sources.update();
    await until(() => states().join() === 'b ended,c live,a waiting');
    const said = (await readTexts(bed)).filter(text => text.includes('left out'));
    assert.deepEqual(said, [
      'Pod a, container app, is followed now: its lines from before the log was opened are left out.',
    ]);
  });

  it('P-06i leave a gap when they went before there was room', async () => {
    cluster.add('a');
    cluster.add('b');
    cluster.add('c');
    open();
    await until(() => states().join() === 'a live,b live,c failed');
    cluster.remove('c');
    sources.update();
    sources.update();
    assert.deepEqual(states(), ['a live', 'b live', 'c ended']);
    assert.equal(bed.store.gaps, 1);
    assert.match((await readTexts(bed)).at(-1) ?? '', /^All lines of pod c, container app, are missing: /);
  });
});

describe('the sources of a log', () => {
  it('P-06j are also the containers that somebody adds to a pod to look at it, which count as none of its own', async () => {
    const cluster = new FakeCluster();
    const bed = openTestStore();
    cluster.add('a');
    const sources = openSources(cluster, bed);
    try {
      await until(() => sources.views.map(({ state }) => state).join() === 'live');
      cluster.add('a', { debugger: 'debugger-x' });
      sources.update();
      await until(() => sources.views.map(({ state }) => state).join() === 'live,live');
      assert.deepEqual(
        sources.views.map(({ container }) => container),
        ['app', 'debugger-x'],
      );
      assert.deepEqual([...sources.containers], ['app', 'debugger-x']);
      assert.deepEqual(
        (await readTexts(bed)).filter(text => text.startsWith('here')),
        ['here is a', 'here is debugger-x of a'],
      );
      assert.deepEqual(
        cluster.pods.get('a')?.containers.map(({ name }) => name),
        ['app'],
      );
    } finally {
      sources.dispose();
      bed.dispose();
    }
  });
});

function openSources(
  cluster: FakeCluster,
  { store }: TestStore,
  options: { readonly request?: Partial<LogRequest>; readonly most?: number } = {},
): LogSources {
  return new LogSources({
    request: {
      repositoryId: 'r',
      environment: 'staging',
      workload: 'deployment/web',
      previous: false,
      ...options.request,
    },
    watch: cluster.watch,
    cluster: cluster as unknown as Cluster,
    namespace: 'shop',
    store,
    quietMs: 60_000,
    onChanged: () => undefined,
    ...(options.most === undefined ? {} : { most: options.most }),
  });
}

async function readTexts({ store }: TestStore): Promise<readonly string[]> {
  const block = await store.readForward(0, store.total);
  return Array.from({ length: block?.count ?? 0 }, (_, index) => block?.textOf(index) ?? '');
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!isSo()) {
    assert.ok(Date.now() < deadline, 'it never was so');
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
