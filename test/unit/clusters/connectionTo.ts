import assert from 'node:assert/strict';
import { ClusterConnection } from '../../../daemon/clusters/clusterConnection.ts';
import { CredentialPlugins } from '../../../daemon/clusters/credentialPlugin.ts';

/** A connection to the cluster of context "here", which needs no login. */
export function connectionTo(
  cluster: { readonly server: string; readonly 'proxy-url'?: string },
  environment: Readonly<Record<string, string>> = {},
): ClusterConnection {
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'here' } }],
    clusters: [{ name: 'here', cluster }],
    users: [],
  };
  return new ClusterConnection({
    context: 'here',
    readKubeconfig: async () => JSON.stringify(kubeconfig),
    plugins: new CredentialPlugins({ run: () => assert.fail('there is no plugin') }),
    environment,
    userAgent: 'slipway/test',
  });
}
