import { join } from 'node:path';
import * as z from 'zod';
import { StatusError } from './clusterApi.ts';
import type { ControlPlane, ControlPlaneOptions } from './controlPlane.ts';
import { logDirectory } from './controlPlane.ts';
import { kubeconfigPath } from './kubeconfig.ts';
import { pickFreePort } from './ports.ts';
import type { ServerProcess } from './serverProcess.ts';
import { ServerEndedError, waitFor } from './waitFor.ts';

/** The one node all pods run on; sandbox/manifests/3-node.yaml. */
export const nodeName = 'sandbox';

/**
 * Starts KWOK, which plays the kubelet of the node, and waits until the node is ready (30 s at most).
 *
 * The custom resource definitions, the stages and the node must be in the cluster already.
 */
export async function startKwok(
  options: ControlPlaneOptions,
  { api, ports }: ControlPlane,
): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnPort(options, api, attempt === 1 ? ports.kwok : await pickFreePort());
    } catch (error) {
      // The system may have given the port away since it was picked; the node learns of another one below.
      if (!(error instanceof ServerEndedError && error.portTaken) || attempt === 4) {
        throw error;
      }
    }
  }
}

async function startOnPort(
  options: ControlPlaneOptions,
  api: ControlPlane['api'],
  port: number,
): Promise<ServerProcess> {
  const { stateDir, tools, certificates, processes, signal } = options;
  const kwok = processes.start({
    name: 'kwok',
    command: tools.kwok,
    args: [
      ...['--kubeconfig', kubeconfigPath(stateDir, 'admin')],
      '--manage-all-nodes',
      ...['--node-ip', '127.0.0.1'],
      ...['--node-port', String(port)],
      ...['--server-address', `127.0.0.1:${port}`],
      ...['--tls-cert-file', certificates.server.certificate],
      ...['--tls-private-key-file', certificates.server.key],
      ...['--cidr', '10.244.0.0/16'],
      ...['--enable-crds', 'Stage,Logs,ClusterLogs,Exec,ClusterPortForward'],
    ],
    logFile: join(logDirectory(stateDir), 'kwok.log'),
    cwd: stateDir,
  });
  await waitFor('KWOK to answer on its kubelet port', async () => (await kubeletAnswers(port)) === true, {
    limitMs: 30_000,
    server: kwok,
    signal,
  });
  // The node remembers the port of an earlier start; KWOK itself would correct it only after ten minutes.
  await waitFor('the node to have its kubelet port', () => correctKubeletPort(api, port), {
    limitMs: 30_000,
    server: kwok,
    signal,
  });
  await waitFor('the node to be ready', async () => isReady(await api.get(`/api/v1/nodes/${nodeName}`)), {
    limitMs: 30_000,
    server: kwok,
    signal,
  });
  await waitFor('KWOK to serve the logs it served before', () => servesLogs(api), {
    limitMs: 30_000,
    server: kwok,
    signal,
  });
  return kwok;
}

/** KWOK reads the Logs objects in its own time: after a restart the first of them tells when it has. */
async function servesLogs(api: ControlPlane['api']): Promise<boolean> {
  const list = logsSchema.parse(await api.get('/apis/kwok.x-k8s.io/v1alpha1/logs?limit=1'));
  const first = list.items[0]?.metadata;
  if (first === undefined) {
    return true;
  }
  try {
    await api.get(`/api/v1/namespaces/${first.namespace}/pods/${first.name}/log?limitBytes=1`);
    return true;
  } catch (error) {
    // Anything else (a pod that went with the sandbox's last end, several containers) is not about KWOK.
    return !(error instanceof StatusError && /no logs found/.test(error.message));
  }
}

const logsSchema = z.object({
  items: z.array(z.object({ metadata: z.object({ name: z.string(), namespace: z.string() }) })),
});

async function kubeletAnswers(port: number): Promise<boolean> {
  // Its health address is served in plain text on the same port.
  const response = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2_000) });
  return response.ok;
}

async function correctKubeletPort(api: ControlPlane['api'], port: number): Promise<boolean> {
  await api.send(
    'PATCH',
    `/api/v1/nodes/${nodeName}/status`,
    { status: { daemonEndpoints: { kubeletEndpoint: { Port: port } } } },
    'application/merge-patch+json',
  );
  return true;
}

function isReady(node: unknown): boolean {
  const { conditions = [] } = nodeSchema.parse(node).status;
  return conditions.some(one => one.type === 'Ready' && one.status === 'True');
}

const nodeSchema = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional() }),
});
