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
  readonly asked: { readonly pod: string; readonly query: Readonly<Record<string, unknown>> }[] = [];

  add(name: string): void {
    const object = {
      metadata: { uid: `uid-${name}`, name, namespace: 'shop', creationTimestamp: '2026-11-25T21:00:00Z' },
      spec: { containers: [{ name: 'app' }] },
      status: {
        phase: 'Running',
        containerStatuses: [
          {
            name: 'app',
            ready: true,
            restartCount: 0,
            containerID: `run-${name}`,
            state: { running: { startedAt: '2026-11-25T21:00:00Z' } },
          },
        ],
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
      return say(pod, query['follow'] ? signal : undefined);
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

  function open(request: Partial<LogRequest> = {}): void {
    sources = new LogSources({
      request: {
        repositoryId: 'r',
        environment: 'staging',
        workload: 'deployment/web',
        previous: false,
        ...request,
      },
      watch: cluster.watch,
      cluster: cluster as unknown as Cluster,
      namespace: 'shop',
      store: bed.store,
      quietMs: 60_000,
      onChanged: () => undefined,
      most: 2,
    });
  }

  const states = () => sources.views.map(({ pod, state }) => `${pod} ${state}`);

  async function readTexts(): Promise<readonly string[]> {
    const block = await bed.store.readForward(0, bed.store.total);
    return Array.from({ length: block?.count ?? 0 }, (_, index) => block?.textOf(index) ?? '');
  }

  it('P-06b are followed when others have ended, each from its first line that is wanted', async function () {
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
    const texts = await readTexts();
    assert.deepEqual(
      texts.filter(text => text.startsWith('here')),
      ['here is a', 'here is b', 'here is c', 'here is d'],
    );
    assert.equal(bed.store.gaps, 0);
  });

  it('P-06e leave a gap when they went before there was room', async () => {
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
    assert.match((await readTexts()).at(-1) ?? '', /^All lines of pod c, container app, are missing: /);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!isSo()) {
    assert.ok(Date.now() < deadline, 'it never was so');
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
