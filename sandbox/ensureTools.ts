import { cp, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { buildOnce, cacheDirectory, type OnProgress } from './cache.ts';
import { type Go, type GoModule, openGo, readGoModule } from './goModule.ts';

/** Absolute paths of the programs the sandbox is made of, and of KWOK's own definitions. */
export interface Tools {
  readonly kubectl: string;
  readonly helm: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  readonly kubeScheduler: string;
  readonly etcd: string;
  readonly kwok: string;
  /** Folder of all of them, to put first on a PATH. */
  readonly binDirectory: string;
  /** Folder with KWOK's custom resource definitions (YAML). */
  readonly kwokDefinitions: string;
  /** Folder with KWOK's stages for nodes (YAML). */
  readonly kwokNodeStages: string;
}

export interface EnsureToolsOptions {
  onProgress: OnProgress;
  signal?: AbortSignal | undefined;
  /** Where to keep them; the user's cache folder unless told. */
  cache?: string;
  /** Fills an empty folder with `bin/` and `kwok/`; the Go build unless told. */
  build?: (folder: string) => Promise<void>;
}

/** The folder with the one go.mod that names every program and its version. */
const moduleDirectory = join(import.meta.dirname, 'tools');
const usualLength = 'about 10 minutes on 2 cores, once on this machine';

/**
 * Returns the paths of the cluster's programs, built from sandbox/tools/go.mod when this machine has not built
 * these versions before (about 10 minutes on 2 cores; needs Go 1.26, network and 4 GB of disk).
 *
 * Two processes that start at once build once. Rejects when Go is missing or too old, or the build fails.
 */
export async function ensureTools(options: EnsureToolsOptions): Promise<Tools> {
  const module = await readGoModule(moduleDirectory);
  const linkerFlags = buildLinkerFlags(module);
  const build = options.build ?? (folder => buildWithGo(folder, { module, linkerFlags }, options));
  const folder = await buildOnce({
    cache: options.cache ?? cacheDirectory(),
    name: `tools-${module.digest(linkerFlags)}`,
    build,
    onProgress: options.onProgress,
    signal: options.signal,
  });
  return toolsIn(folder);
}

function toolsIn(folder: string): Tools {
  const binDirectory = join(folder, 'bin');
  return {
    kubectl: join(binDirectory, 'kubectl'),
    helm: join(binDirectory, 'helm'),
    kubeApiserver: join(binDirectory, 'kube-apiserver'),
    kubeControllerManager: join(binDirectory, 'kube-controller-manager'),
    kubeScheduler: join(binDirectory, 'kube-scheduler'),
    etcd: join(binDirectory, 'etcd'),
    kwok: join(binDirectory, 'kwok'),
    binDirectory,
    kwokDefinitions: join(folder, 'kwok', 'crd'),
    kwokNodeStages: join(folder, 'kwok', 'node-stages'),
  };
}

interface Recipe {
  readonly module: GoModule;
  readonly linkerFlags: string;
}

/** Stamps the versions as releases do: unstamped, helm and kubectl take the server for v0.0.0 and misread it. */
function buildLinkerFlags(module: GoModule): string {
  const kubernetes = module.version('k8s.io/kubernetes');
  const helm = module.version('helm.sh/helm/v4');
  const [major = '', minor = ''] = kubernetes.slice(1).split('.');
  const version = 'k8s.io/component-base/version';
  return [
    '-s -w',
    `-X ${version}.gitVersion=${kubernetes}`,
    `-X ${version}.gitMajor=${major}`,
    `-X ${version}.gitMinor=${minor}`,
    `-X ${version}.gitTreeState=clean`,
    `-X helm.sh/helm/v4/internal/version.version=${helm}`,
  ].join(' ');
}

async function buildWithGo(folder: string, recipe: Recipe, options: EnsureToolsOptions): Promise<void> {
  const { onProgress, signal } = options;
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const go = await openGo(recipe.module, { bin, signal });
  onProgress(`Fetching the sources of the cluster's programs (the whole build takes ${usualLength})`);
  let fetched = 0;
  const dependencies = await go(['list', '-mod=readonly', '-deps', 'tool'], line => {
    if (line.startsWith('go: downloading ')) {
      fetched += 1;
      if (fetched % 50 === 0) {
        onProgress(`Fetching the sources of the cluster's programs: ${fetched} of about 230 modules`);
      }
    }
  });
  const packages = lines(dependencies).length;
  const programs = lines(await go(['list', '-mod=readonly', 'tool'])).length;

  let compiled = 0;
  const started = performance.now();
  const tell = async (): Promise<void> => {
    const linked = (await readdir(bin)).length;
    onProgress(
      `Building Kubernetes, Helm, etcd and KWOK: ${compiled} of at most ${packages} packages compiled, ` +
        `${linked} of ${programs} programs linked, ${spokenTime(performance.now() - started)} so far (${usualLength})`,
    );
  };
  const timer = setInterval(() => void tell(), 10_000);
  try {
    await tell();
    // -mod=readonly wins over a -mod in the user's GOFLAGS: what go.mod and go.sum say is what is built.
    await go(['install', '-mod=readonly', '-v', '-ldflags', recipe.linkerFlags, 'tool'], line => {
      compiled += line.startsWith('go: ') ? 0 : 1;
    });
  } finally {
    clearInterval(timer);
  }
  // The program in etcd's server module takes its name from the folder.
  await rename(join(bin, 'server'), join(bin, 'etcd'));
  await keepKwokDefinitions(folder, go);
  onProgress(`Built ${programs} programs in ${spokenTime(performance.now() - started)}`);
}

/** Keeps KWOK's definitions beside the programs, so that a later start needs neither Go nor its module cache. */
async function keepKwokDefinitions(folder: string, go: Go): Promise<void> {
  const kwok = await go(['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok']);
  const { kwokDefinitions, kwokNodeStages } = toolsIn(folder);
  await copyYaml(join(kwok, 'kustomize/crd/bases'), kwokDefinitions);
  await copyYaml(join(kwok, 'kustomize/stage/node/fast'), kwokNodeStages);
  await copyYaml(join(kwok, 'kustomize/stage/node/heartbeat-with-lease'), kwokNodeStages);
}

async function copyYaml(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    if (name.endsWith('.yaml') && name !== 'kustomization.yaml') {
      await cp(join(from, name), join(to, name));
    }
  }
}

function lines(text: string): string[] {
  return text.split('\n').filter(line => line !== '');
}

function spokenTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
