import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { Clusters } from '../../daemon/clusters/clusters.ts';
import type { RunCredentialPlugin } from '../../daemon/clusters/credentialPlugin.ts';
import type { EnvironmentState } from '../../daemon/watching/environmentState.ts';

/** Opens the clusters of kubeconfig files, as the daemon does. */
export function openClusters(
  paths: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Clusters {
  return new Clusters({
    kubeconfigPaths: () => paths,
    environment: () => environment,
    runCredentialPlugin,
    userAgent: 'slipway/test',
  });
}

/** Runs a credential plugin as a real process, with a time limit. */
export const runCredentialPlugin: RunCredentialPlugin = async ({ command, args, env, timeoutMs }) => {
  const child = spawn(command, args, { env: { ...process.env, ...env }, timeout: timeoutMs });
  const read = async (stream: AsyncIterable<Buffer>) => {
    let text = '';
    for await (const chunk of stream) {
      text += chunk;
    }
    return text;
  };
  const [stdout, stderr, [code]] = await Promise.all([
    read(child.stdout),
    read(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0) {
    throw new Error(stderr || `exit code ${code}`);
  }
  return { stdout };
};

type KubeconfigFile = {
  clusters: { cluster: Record<string, unknown> }[];
  users: { user: Record<string, unknown> }[];
};

/** Writes a changed copy of a kubeconfig file. */
export async function rewriteKubeconfig(
  from: string,
  to: string,
  changes: { readonly cluster?: Record<string, unknown>; readonly user?: Record<string, unknown> },
): Promise<void> {
  const file: KubeconfigFile = parse(await readFile(from, 'utf8'));
  for (const entry of file.clusters) {
    Object.assign(entry.cluster, changes.cluster);
  }
  for (const entry of file.users) {
    entry.user = changes.user ?? entry.user;
  }
  await writeFile(to, stringify(file), { mode: 0o600 });
}

type Watch = {
  readonly state: EnvironmentState;
  onChanged(listener: (state: EnvironmentState) => void): { dispose(): void };
};

/** Waits until the state of a watch is as wanted, and returns how long that took in milliseconds. */
export async function waitForState(
  watch: Watch,
  wanted: (state: EnvironmentState) => boolean,
  limitMs = 20_000,
): Promise<number> {
  const started = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const subscription = watch.onChanged(state => wanted(state) && resolve());
  const timer = setTimeout(
    () => reject(new Error(`waited ${limitMs} ms in vain; the state is ${JSON.stringify(watch.state)}`)),
    limitMs,
  );
  try {
    if (!wanted(watch.state)) {
      await promise;
    }
    return performance.now() - started;
  } finally {
    clearTimeout(timer);
    subscription.dispose();
  }
}
