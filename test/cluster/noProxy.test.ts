import assert from 'node:assert/strict';
import { ensureTools } from '../../sandbox/ensureTools.ts';
import { runCommand } from '../../sandbox/runCommand.ts';
import { noProxyCases } from '../unit/clusters/noProxyCases.ts';
import { TcpServers } from '../unit/clusters/tcpServers.ts';
import { clusterStartMs } from './sharedCluster.ts';

const besideEachOther = 8;

describe('what the daemon is held to about NO_PROXY', function () {
  this.timeout(clusterStartMs);

  it('is what the real kubectl does with it', async () => {
    const { kubectl } = await ensureTools({ onProgress: () => undefined });
    const servers = new TcpServers();

    /** Whether kubectl asks the proxy for a server: it is a real one that refuses. */
    async function ask(list: string, server: string): Promise<'proxy' | 'direct'> {
      let way: 'proxy' | 'direct' = 'direct';
      const address = await servers.open(socket => {
        way = 'proxy';
        socket.once('data', () => socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n'));
      });
      const env = { HTTPS_PROXY: `http://${address}`, NO_PROXY: list, no_proxy: list, KUBECONFIG: '' };
      // No server is there: kubectl fails each time, within a second.
      const args = [`--server=${server}`, '--token=x', '--request-timeout=1s', 'get', '--raw', '/'];
      await assert.rejects(runCommand(kubectl, args, { env, limitMs: 20_000 }));
      return way;
    }

    try {
      const rest = [...noProxyCases];
      const differing: string[] = [];
      const work = async () => {
        for (let next = rest.pop(); next; next = rest.pop()) {
          const [list, server, expected] = next;
          const way = await ask(list, server);
          if (way !== expected) {
            differing.push(`NO_PROXY="${list}" ${server}: ${way}`);
          }
        }
      };
      await Promise.all(Array.from({ length: besideEachOther }, work));
      assert.deepEqual(differing, []);
    } finally {
      servers.close();
    }
  });
});
