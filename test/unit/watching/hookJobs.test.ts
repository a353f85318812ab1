import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClusterConnection } from '../../../daemon/clusters/clusterConnection.ts';
import { HookJobs } from '../../../daemon/watching/hookJobs.ts';
import { waitFor } from '../../../sandbox/waitFor.ts';
import { connectionTo } from '../clusters/connectionTo.ts';

const failing = [{ workload: { kind: 'Job', name: 'migrate', uid: 'uid-1' } }];

describe('the Jobs that are hooks of a chart', () => {
  let server: Server;
  let answers: { readonly status: number; readonly body: object }[];
  let asked: string[];
  let close: () => void;
  let jobs: HookJobs;
  let picked: readonly unknown[];
  let changes: number;
  let connection: ClusterConnection;

  beforeEach(async () => {
    [answers, asked, picked, changes] = [[], [], [], 0];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const { status, body } = answers.shift() ?? { status: 500, body: {} };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    connection = connectionTo({ server: `http://127.0.0.1:${port}` });
    const pick = () => {
      changes += 1;
      picked = jobs.pick(failing);
    };
    jobs = new HookJobs({ cluster: { connection }, namespace: 'shop', onChange: pick, againMs: 20 });
    close = () => {
      jobs.dispose();
      connection.close();
    };
  });
  afterEach(async () => {
    close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const job = (annotations: object) => ({
    status: 200,
    body: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'migrate', annotations } },
  });
  const status = (code: number, reason: string) => ({
    status: code,
    body: { apiVersion: 'v1', kind: 'Status', status: 'Failure', code, reason, message: `it is ${reason}` },
  });

  it('are asked for again a while after the cluster had no answer, though nothing changes', async () => {
    answers = [status(503, 'ServiceUnavailable'), job({ 'helm.sh/hook': 'pre-upgrade' })];
    assert.deepEqual(jobs.pick(failing), []);
    await waitFor('the hook', async () => picked.length === 1, { limitMs: 5_000 });
    assert.deepEqual(asked, Array(2).fill('/apis/batch/v1/namespaces/shop/jobs/migrate'));
  });

  it('are asked for once, where the cluster says that they are none', async () => {
    answers = [job({})];
    jobs.pick(failing);
    await waitFor('the answer', async () => changes === 1, { limitMs: 5_000 });
    assert.deepEqual(jobs.pick(failing), []);
    answers = [{ status: 200, body: {} }];
    await connection.send({ path: '/api' });
    assert.deepEqual(asked, ['/apis/batch/v1/namespaces/shop/jobs/migrate', '/api']);
  });
});
