import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { ensureCertificates } from '../../sandbox/certificates.ts';
import { ensureTools, type Tools } from '../../sandbox/ensureTools.ts';
import { kubeconfigPath, writeKubeconfigs } from '../../sandbox/kubeconfig.ts';
import { choosePorts } from '../../sandbox/ports.ts';
import { ProcessGroup, type ServerProcess } from '../../sandbox/serverProcess.ts';
import { ServerEndedError, waitFor } from '../../sandbox/waitFor.ts';

/** An etcd and an API server with nothing behind them, which a test may stop, kill and restart. */
export interface BareControlPlane {
  readonly server: string;
  readonly tools: Tools;
  readonly etcdUrl: string;
  /** Where its certificates are. */
  readonly certificates: string;
  kubeconfigPath(person: string): string;
  /** Sends a signal to the API server: SIGSTOP makes it silent, SIGCONT lets it go on. */
  signal(signal: NodeJS.Signals): void;
  killApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a control plane of its own in a temporary folder: up in 3 to 5 s. */
export async function startBareControlPlane(
  options: {
    readonly apiServerFlags?: readonly string[];
    /** The certificates of another one, so that the same users may use both. */
    readonly certificates?: string;
  } = {},
): Promise<BareControlPlane> {
  const stateDir = await mkdtemp(join(tmpdir(), 'slipway-bare-'));
  await mkdir(join(stateDir, 'logs'));
  const tools = await ensureTools({ onProgress: () => undefined });
  const certificateFolder = options.certificates ?? join(stateDir, 'certificates');
  const certificates = await ensureCertificates(certificateFolder);
  const ports = await choosePorts(join(stateDir, 'ports.json'), { anew: true });
  const server = `https://127.0.0.1:${ports.apiServer}`;
  const etcdUrl = `http://127.0.0.1:${ports.etcd}`;
  await writeKubeconfigs(stateDir, { server, certificates });
  const processes = new ProcessGroup(stateDir);
  const start = (name: string, command: string, args: readonly string[]): ServerProcess =>
    processes.start({ name, command, args, logFile: join(stateDir, 'logs', `${name}.log`), cwd: stateDir });
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  start('etcd', tools.etcd, [
    ...['--data-dir', join(stateDir, 'etcd'), '--log-level', 'warn'],
    ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
    ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer],
    ...['--initial-cluster', `default=${peer}`],
  ]);
  const startApiServer = (): ServerProcess =>
    start('kube-apiserver', tools.kubeApiserver, [
      ...['--etcd-servers', etcdUrl, '--bind-address', '127.0.0.1', '--secure-port', String(ports.apiServer)],
      ...[
        '--tls-cert-file',
        certificates.server.certificate,
        '--tls-private-key-file',
        certificates.server.key,
      ],
      ...['--client-ca-file', certificates.authority],
      ...['--service-account-key-file', certificates.serviceAccountPublicKey],
      ...['--service-account-signing-key-file', certificates.serviceAccountKey],
      ...['--service-account-issuer', 'https://kubernetes.default.svc.cluster.local'],
      ...['--service-cluster-ip-range', '10.96.0.0/16', '--authorization-mode', 'RBAC'],
      // No controller manager makes the default service account.
      ...['--disable-admission-plugins', 'ServiceAccount'],
      ...(options.apiServerFlags ?? []),
    ]);
  let apiServer = startApiServer();
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  const waitUntilReady = () =>
    waitFor(
      'the API server to be ready',
      async () => {
        const answer = await request(`${server}/readyz`, {
          dispatcher: agent,
          signal: AbortSignal.timeout(2_000),
        });
        await answer.body.dump();
        return answer.statusCode === 200;
      },
      { limitMs: 60_000, server: apiServer },
    );
  await waitUntilReady();
  return {
    server,
    tools,
    etcdUrl,
    certificates: certificateFolder,
    kubeconfigPath: person => kubeconfigPath(stateDir, person),
    signal: signal => process.kill(apiServer.pid, signal),
    killApiServer: () => apiServer.stop(0),
    async startApiServer() {
      const deadline = performance.now() + 30_000;
      for (;;) {
        apiServer = startApiServer();
        try {
          await waitUntilReady();
          return;
        } catch (error) {
          // The port stays busy for a moment after a kill.
          if (!(error instanceof ServerEndedError && error.portTaken) || performance.now() > deadline) {
            throw error;
          }
        }
      }
    },
    async stop() {
      await agent.destroy();
      if (apiServer.ended() === undefined) {
        process.kill(apiServer.pid, 'SIGCONT');
      }
      await processes.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
