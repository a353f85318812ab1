import assert from 'node:assert/strict';
import { ClusterError } from '../../../daemon/clusters/clusterError.ts';
import { type LogQuery, openLogStream } from '../../../daemon/clusters/logStream.ts';
import { connectionTo } from './connectionTo.ts';
import { TcpServers } from './tcpServers.ts';

const query: LogQuery = { namespace: 'shop', pod: 'web-1', container: 'app', follow: true };
const begun =
  'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n5\r\nline\n\r\n';

describe('the stream of a log', () => {
  let servers: TcpServers;
  beforeEach(() => {
    servers = new TcpServers();
  });
  afterEach(() => servers.close());

  /** Reads to the error, which must come after the first line. */
  async function readToCut(connection: ReturnType<typeof connectionTo>): Promise<unknown> {
    let received = '';
    try {
      for await (const chunk of await openLogStream({ connection }, query)) {
        received += Buffer.from(chunk).toString('utf8');
      }
    } catch (error) {
      assert.equal(received, 'line\n');
      return error;
    } finally {
      connection.close();
    }
    return assert.fail('it ended as if it were whole');
  }

  const openCutting = () => servers.open(socket => socket.once('data', () => socket.end(begun)));

  it('L-13f names the proxy when it is cut in its middle', async () => {
    const proxy = await openCutting();
    const environment = { HTTP_PROXY: `http://alice:s3cret@${proxy}` };
    const error = await readToCut(connectionTo({ server: 'http://cluster.example:8001' }, environment));
    assert.ok(error instanceof ClusterError);
    assert.equal(error.kind, 'unreachable');
    assert.equal(
      error.message,
      `The log of pod web-1 was cut on its way through the proxy ${proxy} (from HTTP_PROXY): the connection was cut (other side closed).`,
    );
  });

  it('names no proxy that it does not come through', async () => {
    const error = await readToCut(connectionTo({ server: `http://${await openCutting()}` }));
    assert.ok(error instanceof ClusterError);
    assert.equal(error.message, 'The log of pod web-1 was cut: the connection was cut (other side closed).');
  });

  it('ends with its signal, without anybody being blamed', async () => {
    const server = await servers.open(socket => socket.once('data', () => socket.write(begun)));
    const connection = connectionTo({ server: `http://${server}` });
    const stopping = new AbortController();
    const stream = await openLogStream({ connection, signal: stopping.signal }, query);
    await assert.rejects(
      async () => {
        for await (const _ of stream) {
          stopping.abort();
        }
      },
      error => error instanceof Error && error.name === 'AbortError',
    );
    connection.close();
  });
});
