import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../sandbox/runCommand.ts';
import { type Sandbox, startCluster } from '../../sandbox/startCluster.ts';
import { waitFor } from '../../sandbox/waitFor.ts';

/** The one cluster of a mocha run. */
export interface SharedCluster {
  readonly sandbox: Sandbox;
  /** Makes a namespace of that prefix, in which the sandbox's people have the rights they have in `kosmos`. */
  namespace(prefix: string): Promise<string>;
  /** Runs kubectl as the administrator, or as `person`; returns its standard output, rejects when it fails. */
  kubectl(args: readonly string[], options?: RunOptions): Promise<string>;
  /** Runs helm in the same way. */
  helm(args: readonly string[], options?: RunOptions): Promise<string>;
}

export interface RunOptions {
  person?: string;
  input?: string;
  cwd?: string;
  /** Milliseconds; 60,000 unless told. */
  limitMs?: number;
}

/** Milliseconds a test or hook must allow for the first call: on a new machine the programs are built then. */
export const clusterStartMs = 30 * 60_000;

let starting: Promise<SharedCluster> | undefined;
let stateDir: string | undefined;
let names = 0;

/** Starts the cluster at the first call, and gives the same one to every later call of this mocha run. */
export function sharedCluster(): Promise<SharedCluster> {
  starting ??= start();
  return starting;
}

/** Stops the cluster if there is one; nobody may use it afterwards. */
export async function stopSharedCluster(): Promise<void> {
  const cluster = await starting?.catch(() => undefined);
  await cluster?.sandbox.stop();
  if (stateDir !== undefined) {
    await rm(stateDir, { recursive: true, force: true });
  }
}

// At the top of a file that mocha loads this is a hook of the root suite: it runs once, after the last test.
// The benches have no mocha around them and stop it themselves.
if (typeof after === 'function') {
  after(async function () {
    this.timeout(60_000);
    await stopSharedCluster();
  });
}

async function start(): Promise<SharedCluster> {
  stateDir = await mkdtemp(join(tmpdir(), 'slipway-cluster-'));
  const sandbox = await startCluster({ stateDir, onProgress: tellAboutBuild });
  const run = (tool: string, args: readonly string[], options: RunOptions = {}): Promise<string> => {
    const { person = 'admin', ...others } = options;
    const env = {
      KUBECONFIG: sandbox.kubeconfigPath(person),
      KUBECACHEDIR: join(sandbox.stateDir, 'kubectl-cache'),
    };
    return runCommand(tool, args, { ...others, env });
  };
  const kubectl: SharedCluster['kubectl'] = (args, options) => run(sandbox.tools.kubectl, args, options);
  return {
    sandbox,
    kubectl,
    helm: (args, options) => run(sandbox.tools.helm, args, options),
    async namespace(prefix) {
      names += 1;
      const name = `${prefix}-${names}`;
      await kubectl(['create', 'namespace', name]);
      const bindings = JSON.parse(await kubectl(['get', 'rolebindings', '-n', 'kosmos', '-o', 'json'])) as {
        items: { metadata: { name: string }; roleRef: unknown; subjects: unknown }[];
      };
      const items = bindings.items
        .filter(({ metadata }) => metadata.name.startsWith('slipway-'))
        .map(({ metadata, roleRef, subjects }) => ({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata: { name: metadata.name, namespace: name },
          roleRef,
          subjects,
        }));
      await kubectl(['create', '-f', '-'], {
        input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
      });
      // Pods are refused until the controllers have made it.
      await waitFor(
        'the default service account',
        async () => {
          await kubectl(['get', 'serviceaccount', 'default', '-n', name]);
          return true;
        },
        { limitMs: 60_000 },
      );
      return name;
    },
  };
}

/** A start from built programs is too short for words; minutes of building are not. */
function tellAboutBuild(message: string): void {
  if (/Building|Fetching|Built|Another process/.test(message)) {
    console.log(message);
  }
}
