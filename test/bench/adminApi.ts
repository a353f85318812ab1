import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import * as z from 'zod';
import { type ClusterApi, createClusterApi } from '../../sandbox/clusterApi.ts';
import type { Sandbox } from '../../sandbox/startCluster.ts';

const base64 = z.string().transform(text => Buffer.from(text, 'base64').toString('utf8'));
const kubeconfigSchema = z.object({
  clusters: z.tuple([z.object({ cluster: z.object({ 'certificate-authority-data': base64 }) })]),
  users: z.tuple([
    z.object({ user: z.object({ 'client-certificate-data': base64, 'client-key-data': base64 }) }),
  ]),
});

/** Opens a connection of its own to the cluster, as its administrator. */
export async function openAdminApi(sandbox: Sandbox): Promise<ClusterApi> {
  const { clusters, users } = kubeconfigSchema.parse(parse(await readFile(sandbox.adminKubeconfig, 'utf8')));
  return createClusterApi({
    server: sandbox.server,
    ca: clusters[0].cluster['certificate-authority-data'],
    cert: users[0].user['client-certificate-data'],
    key: users[0].user['client-key-data'],
  });
}
