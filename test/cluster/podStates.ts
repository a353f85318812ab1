import { spawn } from 'node:child_process';
import type { SharedCluster } from './sharedCluster.ts';

/** What the API server says of pods, read by a `kubectl get --watch` of its own: nothing of Slipway's is in between. */
export class PodStates {
  readonly #child: ReturnType<typeof spawn>;
  readonly #firstSeen = new Map<string, number>();

  constructor(cluster: SharedCluster, namespace: string) {
    const states = '{.metadata.name} {.status.containerStatuses[0].state.waiting.reason}{"\\n"}';
    this.#child = spawn(
      cluster.sandbox.tools.kubectl,
      ['get', 'pods', '--namespace', namespace, '--watch', '--output', `jsonpath=${states}`],
      {
        env: { ...process.env, KUBECONFIG: cluster.sandbox.kubeconfigPath('admin') },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    let text = '';
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const reason = line.split(' ')[1] ?? '';
        if (!this.#firstSeen.has(reason)) {
          this.#firstSeen.set(reason, performance.now());
        }
      }
    });
  }

  /** When a pod was first seen waiting for this reason, in milliseconds of `performance.now()`. */
  firstSeen(reason: string): number | undefined {
    return this.#firstSeen.get(reason);
  }

  dispose(): void {
    this.#child.kill();
  }
}
