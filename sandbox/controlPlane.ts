import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificates } from './certificates.ts';
import { type ClusterApi, createClusterApi } from './clusterApi.ts';
import type { Tools } from './ensureTools.ts';
import { kubeconfigPath, writeKubeconfigs } from './kubeconfig.ts';
import { choosePorts, type Ports } from './ports.ts';
import type { ProcessGroup, ServerProcess } from './serverProcess.ts';
import { ServerEndedError, waitFor } from './waitFor.ts';

export interface ControlPlaneOptions {
  readonly stateDir: string;
  readonly tools: Tools;
  readonly certificates: Certificates;
  readonly processes: ProcessGroup;
  readonly signal: AbortSignal | undefined;
}

/** etcd, API server, controller manager and scheduler, all ready. */
export interface ControlPlane {
  readonly api: ClusterApi;
  readonly ports: Ports;
  /** URL of the API server. */
  readonly server: string;
  /** Starts the API server again after it ended, on the same port. */
  startApiServer(): Promise<ServerProcess>;
  apiServer(): ServerProcess;
}

const readyLimitMs = 60_000;

/**
 * Starts a control plane whose data is in `stateDir` and waits until its API server answers (60 s at most each).
 *
 * Writes the kubeconfigs on the way. Rejects with the last words of the server that failed; what was started by
 * then belongs to `processes` and ends with it.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { stateDir, certificates, signal } = options;
  await mkdir(logDirectory(stateDir), { recursive: true, mode: 0o700 });
  const { ports, apiServer } = await startOnFreePorts(options);
  const server = `https://127.0.0.1:${ports.apiServer}`;
  const api = await openApi(server, certificates);
  try {
    await waitForApi(api, apiServer, signal);
  } catch (error) {
    await api.close();
    throw error;
  }
  startControllers(options);
  let running = apiServer;
  return {
    api,
    ports,
    server,
    apiServer: () => running,
    async startApiServer() {
      running = await retryWhilePortIsBusy(async () => {
        const again = startApiServer(options, ports);
        await waitForApi(api, again, signal);
        return again;
      });
      return running;
    },
  };
}

/** Where the servers of a state folder write their logs, one file each. */
export function logDirectory(stateDir: string): string {
  return join(stateDir, 'logs');
}

/** Between choosing a port and listening on it another program may take it: then choose anew, three times. */
async function startOnFreePorts(
  options: ControlPlaneOptions,
): Promise<{ ports: Ports; apiServer: ServerProcess }> {
  const { stateDir, certificates, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts(join(stateDir, 'ports.json'), { anew: attempt > 1 });
    await writeKubeconfigs(stateDir, { server: `https://127.0.0.1:${ports.apiServer}`, certificates });
    const etcd = startEtcd(options, ports);
    try {
      await waitFor('etcd to be healthy', () => isHealthy(`http://127.0.0.1:${ports.etcd}/health`), {
        limitMs: readyLimitMs,
        server: etcd,
        signal,
      });
      return { ports, apiServer: startApiServer(options, ports) };
    } catch (error) {
      await etcd.stop();
      if (!(error instanceof ServerEndedError && error.portTaken) || attempt === 3) {
        throw error;
      }
    }
  }
}

function startEtcd({ stateDir, tools, processes }: ControlPlaneOptions, ports: Ports): ServerProcess {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return processes.start({
    name: 'etcd',
    command: tools.etcd,
    args: [
      ...['--data-dir', join(stateDir, 'etcd')],
      ...['--listen-client-urls', client],
      ...['--advertise-client-urls', client],
      ...['--listen-peer-urls', peer],
      ...['--initial-advertise-peer-urls', peer],
      ...['--initial-cluster', `default=${peer}`],
      ...['--log-level', 'warn'],
    ],
    logFile: join(logDirectory(stateDir), 'etcd.log'),
    cwd: stateDir,
  });
}

function startApiServer(options: ControlPlaneOptions, ports: Ports): ServerProcess {
  const { stateDir, tools, certificates, processes } = options;
  return processes.start({
    name: 'kube-apiserver',
    command: tools.kubeApiserver,
    args: [
      ...['--etcd-servers', `http://127.0.0.1:${ports.etcd}`],
      ...['--bind-address', '127.0.0.1'],
      ...['--secure-port', String(ports.apiServer)],
      ...['--tls-cert-file', certificates.server.certificate],
      ...['--tls-private-key-file', certificates.server.key],
      ...['--client-ca-file', certificates.authority],
      ...['--service-account-key-file', certificates.serviceAccountPublicKey],
      ...['--service-account-signing-key-file', certificates.serviceAccountKey],
      ...['--service-account-issuer', 'https://kubernetes.default.svc.cluster.local'],
      ...['--service-cluster-ip-range', '10.96.0.0/16'],
      ...['--authorization-mode', 'Node,RBAC'],
      '--allow-privileged=true',
      '--profiling=false',
      // Without these two `kubectl logs` is refused by KWOK's kubelet port.
      ...['--kubelet-client-certificate', certificates.server.certificate],
      ...['--kubelet-client-key', certificates.server.key],
    ],
    logFile: join(logDirectory(stateDir), 'kube-apiserver.log'),
    cwd: stateDir,
  });
}

function startControllers({ stateDir, tools, certificates, processes }: ControlPlaneOptions): void {
  processes.start({
    name: 'kube-controller-manager',
    command: tools.kubeControllerManager,
    args: [
      ...['--kubeconfig', kubeconfigPath(stateDir, 'controller-manager')],
      ...['--root-ca-file', certificates.authority],
      ...['--service-account-private-key-file', certificates.serviceAccountKey],
      '--use-service-account-credentials=true',
      '--leader-elect=false',
      ...['--secure-port', '0'],
      // KWOK's node renews no lease every 10 s: this controller would call it dead, and its pods with it.
      ...['--controllers', '*,-node-lifecycle-controller'],
      ...['--kube-api-qps', '200', '--kube-api-burst', '400'],
    ],
    logFile: join(logDirectory(stateDir), 'kube-controller-manager.log'),
    cwd: stateDir,
  });
  processes.start({
    name: 'kube-scheduler',
    command: tools.kubeScheduler,
    args: [
      ...['--kubeconfig', kubeconfigPath(stateDir, 'scheduler')],
      '--leader-elect=false',
      ...['--secure-port', '0'],
      ...['--kube-api-qps', '200', '--kube-api-burst', '400'],
    ],
    logFile: join(logDirectory(stateDir), 'kube-scheduler.log'),
    cwd: stateDir,
  });
}

async function openApi(server: string, certificates: Certificates): Promise<ClusterApi> {
  const admin = certificates.people.get('admin');
  if (admin === undefined) {
    throw new Error('sandbox/people.ts names no admin');
  }
  const [ca, cert, key] = await Promise.all(
    [certificates.authority, admin.certificate, admin.key].map(path => readFile(path, 'utf8')),
  );
  return createClusterApi({ server, ca: ca ?? '', cert: cert ?? '', key: key ?? '' });
}

function waitForApi(api: ClusterApi, server: ServerProcess, signal: AbortSignal | undefined): Promise<void> {
  return waitFor('the API server to be ready', async () => (await api.get('/readyz')) === 'ok', {
    limitMs: readyLimitMs,
    server,
    signal,
  });
}

/** After a SIGKILL the port of an API server stays busy for seconds while the system takes back its memory. */
async function retryWhilePortIsBusy<Result>(action: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof ServerEndedError && error.portTaken) || performance.now() > deadline) {
        throw error;
      }
    }
  }
}

async function isHealthy(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  return response.ok && /"health":"true"/.test(await response.text());
}
