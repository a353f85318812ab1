import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import type { ClusterConnection } from '../../../daemon/clusters/clusterConnection.ts';
import { ResilientWatch } from '../../../daemon/clusters/resilientWatch.ts';
import { waitFor } from '../../../sandbox/waitFor.ts';
import { connectionTo } from './connectionTo.ts';
import { TcpServers } from './tcpServers.ts';

const head =
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n';
const end = '0\r\n\r\n';
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const line = (type: string, object: object) => chunk(`${JSON.stringify({ type, object })}\n`);
const initialList = line('BOOKMARK', {
  metadata: { resourceVersion: '1', annotations: { 'k8s.io/initial-events-end': 'true' } },
});
const added = line('ADDED', { metadata: { uid: 'u', resourceVersion: '2' } });

describe('a watch whose connections live for a moment', function () {
  this.timeout(20_000);

  let servers: TcpServers;
  let connection: ClusterConnection;
  let watch: ResilientWatch<unknown>;
  let serve: (socket: Socket) => void;
  /** When each connection came, in milliseconds. */
  let times: number[];

  beforeEach(async () => {
    servers = new TcpServers();
    times = [];
    const address = await servers.open(socket =>
      socket.once('data', () => {
        times.push(performance.now());
        serve(socket);
      }),
    );
    connection = connectionTo({ server: `http://${address}` });
    watch = new ResilientWatch({
      connection,
      path: '/api/v1/pods',
      project: object => object,
      onEvent: () => undefined,
      onStatus: () => undefined,
    });
  });
  afterEach(() => {
    watch.dispose();
    connection.close();
    servers.close();
  });

  const pauses = () => times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const briefs: Readonly<Record<string, (socket: Socket) => void>> = {
    'end after a line': socket => socket.end(head + (times.length === 1 ? initialList : added) + end),
    'end after a whole list each time': socket => socket.end(head + initialList + added + end),
    'are cut after a line': socket => {
      socket.write(head + (times.length === 1 ? initialList : added));
      setTimeout(() => socket.resetAndDestroy(), 20);
    },
    'are cut when they have looked good': socket => {
      socket.write(head + (times.length === 1 ? initialList : ''));
      setTimeout(() => socket.resetAndDestroy(), 100);
    },
    'have expired after a whole list': socket =>
      socket.end(head + initialList + line('ERROR', { code: 410, reason: 'Expired', message: 'old' }) + end),
  };
  for (const [what, brief] of Object.entries(briefs)) {
    it(`L-13g asks ever less often while they ${what}`, async () => {
      serve = brief;
      watch.start();
      // The pauses are drawn at random: the sixth is a second at least.
      await waitFor('a long pause', async () => (pauses().at(-1) ?? 0) > 900, { limitMs: 15_000 });
      const seen = pauses();
      assert.ok(seen.length <= 7, seen.map(Math.round).join(', '));
    });
  }

  it('L-13g asks again at once when one has lived for some time', async () => {
    serve = socket => socket.end(head + initialList + end);
    watch.start();
    await waitFor('a pause of some length', async () => times.length >= 6, { limitMs: 10_000 });
    let ended = Number.NaN;
    serve = socket => {
      socket.write(head + initialList);
      setTimeout(() => {
        ended = performance.now();
        serve = next => next.write(head + initialList);
        socket.end(end);
      }, 1_500);
    };
    const before = times.length;
    await waitFor('the connection after the one that lived', async () => times.length >= before + 2, {
      limitMs: 10_000,
    });
    const pause = (times.at(-1) ?? 0) - ended;
    assert.ok(pause < 100, `${pause} ms`);
    await waitFor('live', async () => watch.status.type === 'live', { limitMs: 2_000 });
  });
});
