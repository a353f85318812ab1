import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { stringify as stringifyYaml } from 'yaml';
import * as z from 'zod';
import { SlipwayError } from '../protocol/errors.ts';
import { type FileText, parseKubeconfigText, readFileText } from './kubeconfigText.ts';
import { requireProxyUrl } from './parseProxyUrl.ts';

/** A context of the person's kubeconfig, as it is listed without contacting anything. */
export type KubeconfigContext = {
  readonly name: string;
  readonly server: string;
  readonly user: string;
  readonly namespace?: string;
};

/** The merged kubeconfig of a person: for each name the first file that has it wins, as for kubectl. */
export type Kubeconfig = {
  readonly paths: readonly string[];
  readonly currentContext?: string;
  /** In the order of the files; contexts without a cluster are left out. */
  readonly contexts: readonly KubeconfigContext[];
  /** Why files could not be read, one sentence each. */
  readonly problems: readonly string[];
  readonly entries: MergedEntries;
};

/** The files a kubectl would read: `KUBECONFIG` with several paths, else `~/.kube/config`. */
export function findKubeconfigPaths(environment: Readonly<Record<string, string | undefined>>): string[] {
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter(path => path !== '');
  const home = environment['HOME'];
  return listed.length > 0 ? listed : home ? [join(home, '.kube', 'config')] : [];
}

/** Reads and merges kubeconfig files; a missing file counts as empty, an unreadable one becomes a problem. */
export async function readKubeconfig(paths: readonly string[]): Promise<Kubeconfig> {
  return mergeFiles(await Promise.all(paths.map(readFileText)));
}

/** Reads kubeconfig files again and again; files that have not changed are not parsed again. */
export class KubeconfigFiles {
  #key = '';
  #kubeconfig: Kubeconfig | undefined;

  /** The same as `readKubeconfig`. */
  async read(paths: readonly string[]): Promise<Kubeconfig> {
    const files = await Promise.all(paths.map(readFileText));
    const key = JSON.stringify(files.map(({ path, text, error }) => [path, text, String(error)]));
    if (!this.#kubeconfig || key !== this.#key) {
      this.#kubeconfig = mergeFiles(files);
      this.#key = key;
    }
    return this.#kubeconfig;
  }
}

function describeProblem(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}

function mergeFiles(files: readonly FileText[]): Kubeconfig {
  const entries: MutableEntries = {
    clusters: new Map(),
    users: new Map(),
    contexts: new Map(),
    clusterFiles: new Map(),
  };
  const problems: string[] = [];
  let currentContext: string | undefined;
  for (const { path, text, error } of files) {
    try {
      if (error !== undefined) {
        throw error;
      }
      const file = parseFile(path, text);
      currentContext ||= file.currentContext;
      mergeEntries(entries, file, path);
    } catch (problem) {
      problems.push(
        `${path}: ${problem instanceof z.ZodError ? z.prettifyError(problem) : describeProblem(problem)}`,
      );
    }
  }
  return {
    paths: files.map(({ path }) => path),
    ...(currentContext ? { currentContext } : {}),
    contexts: [...entries.contexts].flatMap(([name, context]) => buildContext(name, context, entries)),
    problems,
    entries,
  };
}

/**
 * The text of a kubeconfig that holds one context and nothing else; certificates and keys are embedded, other
 * paths absolute, so that it works from anywhere. Throws `unknownContext`, and `invalidArgument` for a `proxy-url` that
 * no tool can use.
 */
export async function buildMinifiedKubeconfig(kubeconfig: Kubeconfig, name: string): Promise<string> {
  const { contexts, clusters, users, clusterFiles } = kubeconfig.entries;
  const context = contexts.get(name);
  const cluster = context && clusters.get(context.cluster);
  if (!context || !cluster?.server) {
    const files = kubeconfig.paths.join(delimiter) || 'any kubeconfig';
    throw new SlipwayError(
      'unknownContext',
      context
        ? `The context "${name}" names the cluster "${context.cluster}", which is not in ${files}.`
        : `There is no context "${name}" in ${files}.${kubeconfig.problems.map(text => ` ${text}`).join('')}`,
      { details: { context: name } },
    );
  }
  requireProxyUrl(cluster['proxy-url'], {
    context: name,
    cluster: context.cluster,
    path: clusterFiles.get(context.cluster) ?? '',
  });
  const user = context.user === undefined ? undefined : users.get(context.user);
  return stringifyYaml(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      contexts: [{ name, context }],
      clusters: [{ name: context.cluster, cluster: await embedFiles(cluster, clusterDataFiles) }],
      users:
        user && context.user ? [{ name: context.user, user: await embedFiles(user, userDataFiles) }] : [],
    },
    { lineWidth: 0 },
  );
}

/** Writes a kubeconfig for a spawned tool: 0600 in a 0700 folder, whole or not at all. */
export async function writePrivateKubeconfig(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${process.pid}.new`;
  await rm(unfinished, { force: true });
  const file = await open(unfinished, 'wx', 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}

const clusterSchema = z.looseObject({ server: z.string().default('') });
const contextSchema = z.looseObject({
  cluster: z.string().default(''),
  user: z.exactOptional(z.string()),
  namespace: z.exactOptional(z.string()),
});
const userSchema = z.looseObject({ exec: z.nullish(z.looseObject({ command: z.string() })) });

const fileSchema = z.looseObject({
  'current-context': z.nullish(z.string()),
  clusters: z.nullish(z.array(z.looseObject({ name: z.string(), cluster: clusterSchema }))),
  contexts: z.nullish(z.array(z.looseObject({ name: z.string(), context: contextSchema }))),
  users: z.nullish(z.array(z.looseObject({ name: z.string(), user: z.nullish(userSchema) }))),
});

type Entry = Readonly<Record<string, unknown>>;
type ContextEntry = z.infer<typeof contextSchema>;

/** The entries by name, every path absolute. */
export type KubeconfigEntries = {
  readonly clusters: ReadonlyMap<string, z.infer<typeof clusterSchema>>;
  readonly users: ReadonlyMap<string, Entry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
};

/** The entries of all files. */
export type MergedEntries = KubeconfigEntries & {
  /** The file that each cluster comes from. */
  readonly clusterFiles: ReadonlyMap<string, string>;
};

type MutableEntries = {
  readonly clusters: Map<string, z.infer<typeof clusterSchema>>;
  readonly users: Map<string, Entry>;
  readonly contexts: Map<string, ContextEntry>;
  readonly clusterFiles: Map<string, string>;
};

function parseFile(path: string, text: string): KubeconfigEntries & { currentContext?: string } {
  const file = fileSchema.parse(parseKubeconfigText(text) ?? {});
  const folder = dirname(resolve(path));
  const current = file['current-context'];
  return {
    ...(current ? { currentContext: current } : {}),
    clusters: new Map(
      (file.clusters ?? []).map(({ name, cluster }) => [
        name,
        { ...cluster, ...makePathsAbsolute(cluster, ['certificate-authority'], folder) },
      ]),
    ),
    users: new Map((file.users ?? []).map(({ name, user }) => [name, makeUserAbsolute(user ?? {}, folder)])),
    contexts: new Map((file.contexts ?? []).map(({ name, context }) => [name, context])),
  };
}

function mergeEntries(into: MutableEntries, from: KubeconfigEntries, path: string): void {
  for (const name of from.clusters.keys()) {
    if (!into.clusterFiles.has(name)) {
      into.clusterFiles.set(name, path);
    }
  }
  for (const key of ['clusters', 'users', 'contexts'] as const) {
    for (const [name, entry] of from[key]) {
      const known: Map<string, unknown> = into[key];
      if (!known.has(name)) {
        known.set(name, entry);
      }
    }
  }
}

function buildContext(name: string, context: ContextEntry, entries: KubeconfigEntries): KubeconfigContext[] {
  const cluster = entries.clusters.get(context.cluster);
  return cluster?.server
    ? [
        {
          name,
          server: cluster.server,
          user: context.user ?? '',
          ...(context.namespace ? { namespace: context.namespace } : {}),
        },
      ]
    : [];
}

const userPaths = ['client-certificate', 'client-key', 'tokenFile'] as const;

function makeUserAbsolute(user: z.infer<typeof userSchema>, folder: string): Entry {
  const { exec } = user;
  // A plugin named by a path is relative to its kubeconfig; a bare name is looked up on PATH.
  const command = exec?.command.includes('/') ? makeAbsolute(exec.command, folder) : undefined;
  return {
    ...user,
    ...makePathsAbsolute(user, userPaths, folder),
    ...(exec && command ? { exec: { ...exec, command } } : {}),
  };
}

function makePathsAbsolute(entry: Entry, keys: readonly string[], folder: string): Entry {
  return Object.fromEntries(
    keys.flatMap(key => {
      const value = entry[key];
      return typeof value === 'string' && value !== '' ? [[key, makeAbsolute(value, folder)]] : [];
    }),
  );
}

function makeAbsolute(path: string, folder: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

/** Key of the path and key of the embedded data; as for kubectl the data wins where both are there. */
const clusterDataFiles = [['certificate-authority', 'certificate-authority-data']] as const;
const userDataFiles = [
  ['client-certificate', 'client-certificate-data'],
  ['client-key', 'client-key-data'],
] as const;

async function embedFiles(entry: Entry, pairs: readonly (readonly [string, string])[]): Promise<Entry> {
  const embedded: Record<string, unknown> = { ...entry };
  for (const [pathKey, dataKey] of pairs) {
    const path = embedded[pathKey];
    delete embedded[pathKey];
    if (typeof path === 'string' && path !== '' && !embedded[dataKey]) {
      embedded[dataKey] = await readBase64(path, pathKey);
    }
  }
  return embedded;
}

async function readBase64(path: string, key: string): Promise<string> {
  try {
    return (await readFile(path)).toString('base64');
  } catch (error) {
    throw new SlipwayError('unknownContext', `The kubeconfig's ${key} ${path} cannot be read: ${error}`, {
      next: 'Mend the path in the kubeconfig, or pick another context.',
      details: { path },
      cause: error,
    });
  }
}
