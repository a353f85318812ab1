import { join } from 'node:path';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import type { LogSource, LogView } from '../../daemon/protocol/log.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { LoopWatch } from './loopFigures.ts';
import { rewriteKubeconfig } from './openClusters.ts';
import { PodLogWriter } from './podLogWriter.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { startTcpProxy, type TcpProxy } from './tcpProxy.ts';

/** An entry of a log, taken apart. */
export type LogEntry = {
  readonly kind: 'L' | 'T' | 'G' | 'N';
  readonly severity: number;
  readonly sequence: number;
  readonly source: number;
  readonly length: number;
  readonly time: string;
  readonly text: string;
};

/** A workload whose log is written by the test, and a daemon that reaches the cluster through a proxy. */
export class LogBed {
  readonly bed: PromotionBed;
  readonly proxy: TcpProxy;
  readonly loop: LoopWatch;
  readonly workload = 'deployment/web';

  private constructor(bed: PromotionBed, proxy: TcpProxy) {
    this.bed = bed;
    this.proxy = proxy;
    this.loop = new LoopWatch(bed.folder);
  }

  /** Makes a Deployment with so many pods and starts a daemon. */
  static async create(prefix: string, replicas: number): Promise<LogBed> {
    await ensureBuilt();
    const bed = await PromotionBed.create(prefix);
    const { sandbox } = bed.cluster;
    const proxy = await startTcpProxy(sandbox.server);
    const kubeconfig = join(bed.folder, 'proxied.yaml');
    await rewriteKubeconfig(sandbox.kubeconfigPath('alice'), kubeconfig, { cluster: { server: proxy.url } });
    const logs = new LogBed(bed, proxy);
    await logs.deploy(replicas);
    await bed.open({ ...logs.loop.env, KUBECONFIG: kubeconfig });
    return logs;
  }

  get client(): DaemonClient {
    return this.bed.client;
  }

  get namespace(): string {
    return this.bed.namespaces.development;
  }

  /** Makes or scales the Deployment, and waits for its pods and their logs. */
  async deploy(replicas: number): Promise<void> {
    const labels = { app: 'web' };
    const manifest = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: this.namespace },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'web', image: 'kosmos/web:1.0.0' }] },
        },
      },
    };
    await this.bed.cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify(manifest) });
    await this.pods(replicas);
  }

  /** The names of the pods, once there are so many that run and have a log; without those that are about to go. */
  async pods(count: number, without: readonly string[] = []): Promise<readonly string[]> {
    let names: readonly string[] = [];
    await waitFor(
      'the pods and their logs',
      async () => {
        names = (await this.#listPods()).filter(name => !without.includes(name));
        const there = await Promise.all(names.map(name => this.writer(name).exists()));
        return names.length === count && there.every(Boolean);
      },
      { limitMs: 60_000 },
    );
    return names;
  }

  writer(pod: string): PodLogWriter {
    return new PodLogWriter(this.bed.cluster.sandbox, { namespace: this.namespace, pod, container: 'web' });
  }

  /** Says which run of its container a pod is in, as the kubelet does: its id, and the one before. */
  async nameRun(
    pod: string,
    run: { readonly id: string; readonly restarts: number; readonly before?: string },
  ): Promise<void> {
    const status = '/status/containerStatuses/0';
    const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const end = { exitCode: 1, reason: 'Error', startedAt: now, finishedAt: now, containerID: run.before };
    const patch = [
      { op: 'add', path: `${status}/containerID`, value: run.id },
      { op: 'replace', path: `${status}/restartCount`, value: run.restarts },
      ...(run.before === undefined
        ? []
        : [{ op: 'add', path: `${status}/lastState`, value: { terminated: end } }]),
    ];
    const args = ['patch', 'pod', pod, '-n', this.namespace, '--subresource=status', '--type=json'];
    await this.bed.cluster.kubectl([...args, '-p', JSON.stringify(patch)]);
  }

  /** The log as it stands. */
  view(logId: string): Promise<LogView> {
    return this.client.request('log.attach', { logId });
  }

  /** Waits until the newest source of a pod is in a state. */
  async waitForSource(logId: string, pod: string, state: LogSource['state']): Promise<void> {
    await waitFor(
      `${pod} to be ${state}`,
      async () => (await this.view(logId)).sources.findLast(source => source.pod === pod)?.state === state,
      { limitMs: 40_000 },
    );
  }

  /** True when a line of the log holds a text. */
  async hasText(logId: string, text: string): Promise<boolean> {
    const { total } = await this.view(logId);
    const pattern = { text, regex: false, matchCase: true };
    const search = { logId, pattern, from: total, direction: 'backward' } as const;
    return (await this.client.request('log.find', search)).place !== undefined;
  }

  /** Opens the log of the Deployment. */
  open(
    options: { previous?: boolean; tailLines?: number; sinceSeconds?: number; workload?: string } = {},
  ): Promise<LogView> {
    const { previous = false, workload = this.workload, ...rest } = options;
    return this.client.request('log.open', {
      repositoryId: this.bed.repository.id,
      environment: 'development',
      workload,
      previous,
      ...rest,
    });
  }

  /** Reads all entries of a log. */
  async read(logId: string, filterId?: string): Promise<readonly LogEntry[]> {
    const entries: LogEntry[] = [];
    for (let from = 0; ; ) {
      const batch = await this.client.request('log.read', {
        logId,
        from,
        limit: 20_000,
        ...(filterId === undefined ? {} : { filterId }),
      });
      if (batch.count === 0) {
        return entries;
      }
      entries.push(...parseEntries(batch.text));
      from = batch.from + batch.count;
    }
  }

  async dispose(): Promise<void> {
    await this.bed.dispose();
    await this.proxy.close();
  }

  async #listPods(): Promise<readonly string[]> {
    const text = await this.bed.cluster.kubectl([
      'get',
      'pods',
      '-n',
      this.namespace,
      '-l',
      'app=web',
      '-o',
      'json',
    ]);
    const { items } = JSON.parse(text) as {
      items: { metadata: { name: string; deletionTimestamp?: string }; status: { phase: string } }[];
    };
    return items
      .filter(({ metadata, status }) => !metadata.deletionTimestamp && status.phase === 'Running')
      .map(({ metadata }) => metadata.name);
  }
}

/** Takes the text of a batch apart. */
export function parseEntries(text: string): readonly LogEntry[] {
  return text.split('\n').map(line => {
    const match = /^([LTGN]) (\d+) (\d+) (-?\d+) (\d+) (\S+) ?(.*)$/s.exec(line);
    if (!match) {
      throw new Error(`not an entry: ${JSON.stringify(line.slice(0, 200))}`);
    }
    const [, kind, severity, sequence, source, length, time = '', entryText = ''] = match;
    return {
      kind: kind as LogEntry['kind'],
      severity: Number(severity),
      sequence: Number(sequence),
      source: Number(source),
      length: Number(length),
      time,
      text: entryText,
    };
  });
}
