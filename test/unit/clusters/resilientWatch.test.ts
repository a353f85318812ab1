import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { ClusterRequest } from '../../../daemon/clusters/clusterRequest.ts';
import { ResilientWatch, type WatchStatus } from '../../../daemon/clusters/resilientWatch.ts';

/** What an API server writes to one watch; `signal` ends it. */
type Answer = (signal: AbortSignal) => AsyncGenerator<string, void, undefined>;

const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
const initialList = line('BOOKMARK', {
  metadata: { resourceVersion: '1', annotations: { 'k8s.io/initial-events-end': 'true' } },
});

/** A watch that is open and says `lines`, until the connection is cut. */
const standing = (...lines: string[]): Answer =>
  async function* (signal) {
    yield* lines;
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };

/** An answer that says `lines` and ends. */
const ending = (...lines: string[]): Answer =>
  async function* () {
    yield* lines;
  };

/** An API server whose answers the test chooses, and a watch on it. */
function follow(answer: Answer) {
  const server = { answer, requests: [] as ClusterRequest[], cut: new AbortController() };
  const statuses: WatchStatus[] = [];
  const watch = new ResilientWatch({
    connection: {
      context: 'production',
      server: 'https://main:6443',
      send: async () => assert.fail('nothing is listed'),
      stream: async request => {
        server.requests.push(request);
        const signal = AbortSignal.any([server.cut.signal, request.signal ?? server.cut.signal]);
        return encode(server.answer(signal));
      },
    },
    path: '/api/v1/namespaces/default/pods',
    project: object => object,
    onEvent: () => undefined,
    onStatus: status => statuses.push(status),
  });
  const cut = () => {
    server.cut.abort(new Error('cut'));
    server.cut = new AbortController();
  };
  return { server, statuses, watch, cut };
}

async function* encode(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const text of texts) {
    yield Buffer.from(text);
  }
}

async function until(what: string, condition: () => boolean, limitMs = 2_000): Promise<void> {
  const started = performance.now();
  while (!condition()) {
    assert.ok(performance.now() - started < limitMs, `waited ${limitMs} ms in vain for ${what}`);
    await wait(5);
  }
}

describe('a watch whose connections open', function () {
  this.timeout(20_000);

  for (const [what, text] of [
    ['an error 500', line('ERROR', { code: 500, message: 'etcdserver: no leader' })],
    ['an error without a code', line('ERROR', { message: 'proxy error' })],
    ['an expired version', line('ERROR', { code: 410, reason: 'Expired', message: 'too old' })],
    ['a web page', '<html>\n<body>Please log in</body>\n</html>\n'],
    ['nothing', ''],
  ] as const) {
    it(`L-13f is stale, and asks seldom, while each of them brings ${what}`, async () => {
      const { server, statuses, watch, cut } = follow(standing(initialList));
      watch.start();
      await until('live', () => watch.status.type === 'live');
      server.answer = ending(text);
      const before = server.requests.length;
      cut();
      // Time is what is measured: how it stands, and how often it was asked, in so long.
      await wait(2_500);
      const lastLive = statuses.findLastIndex(({ type }) => type === 'live');
      const since = statuses[lastLive + 1];
      assert.ok(since?.type === 'stale' && Date.now() - since.staleSince > 2_000, JSON.stringify(statuses));
      const tries = server.requests.length - before;
      assert.ok(tries >= 2 && tries <= 7, `${tries} tries in 2.5 s`);
      server.answer = standing(initialList);
      await until('live again', () => watch.status.type === 'live', 6_000);
      watch.dispose();
    });
  }

  it('L-13g is live again soon after a cut, also when nothing is said', async () => {
    const { server, watch, cut } = follow(standing(initialList));
    watch.start();
    await until('live', () => watch.status.type === 'live');
    server.answer = standing();
    for (let count = 1; count <= 3; count += 1) {
      cut();
      await until('stale', () => watch.status.type === 'stale');
      await until('live again', () => watch.status.type === 'live', 800);
    }
    watch.dispose();
  });

  it('L-13g lists anew at once after one expired version', async () => {
    const { server, watch, cut } = follow(standing(initialList));
    watch.start();
    await until('live', () => watch.status.type === 'live');
    server.answer = signal =>
      server.requests.at(-1)?.query?.['resourceVersion'] === undefined
        ? standing(initialList)(signal)
        : ending(line('ERROR', { code: 410, reason: 'Expired', message: 'too old' }))(signal);
    cut();
    await until('stale', () => watch.status.type === 'stale');
    await until('live again', () => watch.status.type === 'live', 800);
    watch.dispose();
  });
});
