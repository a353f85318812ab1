import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import { type ConnectionOptions, getCACertificates } from 'node:tls';
import { parse as parseYaml } from 'yaml';
import * as z from 'zod';
import { type ChosenProxy, chooseProxy } from './chooseProxy.ts';
import { ClusterError } from './clusterError.ts';
import {
  type CredentialPlugins,
  execSchema,
  type PluginCredential,
  type PluginRequest,
} from './credentialPlugin.ts';

/** How a cluster and its user are known to each other. */
export type TlsOptions = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'rejectUnauthorized' | 'servername'
>;

/** All that is needed to speak to one cluster as one user. */
export type ClusterAccess = {
  /** Without a slash at the end. */
  readonly server: string;
  readonly namespace?: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly tls: TlsOptions;
  readonly proxy?: ChosenProxy;
  /** Changes whenever connections must be opened anew. */
  readonly transportKey: string;
  /** The same for all contexts of one cluster. */
  readonly clusterKey: string;
  /** Milliseconds since 1970; until then it need not be built again. */
  readonly validUntil: number;
  /** Present where a credential plugin gave the login. */
  readonly plugin?: PluginRequest;
};

/** A token file is read again after this time, as client-go does. */
const tokenFileMs = 60_000;

/**
 * Builds the access that the only context of a minified kubeconfig gives. Throws a ClusterError: `loginExpired`
 * when a plugin fails, `refused` for a kind of login that Slipway cannot use; `invalidArgument` for such a proxy.
 */
export async function buildClusterAccess(
  text: string,
  options: {
    readonly plugins: CredentialPlugins;
    /** For proxies. */
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly now: () => number;
  },
): Promise<ClusterAccess> {
  const entries = parseMinified(text);
  const proxy = chooseProxy(entries.cluster.server, {
    proxyUrl: entries.cluster['proxy-url'] ?? undefined,
    environment: options.environment,
  });
  const plugin = buildPluginRequest(entries);
  const credential = plugin ? await options.plugins.read(plugin) : undefined;
  const { tls, headers } = await readTlsAndHeaders(entries);
  const ownTls: TlsOptions = {
    ...tls,
    ...(credential?.certificate ? { cert: credential.certificate } : {}),
    ...(credential?.key ? { key: credential.key } : {}),
  };
  const { cluster, user, namespace } = entries;
  const expiry =
    credential?.expiresAt === undefined ? Number.POSITIVE_INFINITY : credential.expiresAt - 10_000;
  return {
    server: cluster.server.replace(/\/+$/, ''),
    ...(namespace ? { namespace } : {}),
    headers: { ...headers, ...buildTokenHeader(credential), ...buildImpersonation(user) },
    tls: ownTls,
    ...(proxy ? { proxy } : {}),
    transportKey: digest([cluster, ownTls.cert, ownTls.key].map(String), JSON.stringify(cluster)),
    clusterKey: digest([], JSON.stringify(cluster)),
    validUntil: user.tokenFile ? Math.min(expiry, options.now() + tokenFileMs) : expiry,
    ...(plugin ? { plugin } : {}),
  };
}

const minifiedSchema = z.object({
  contexts: z.tuple([z.object({ context: z.object({ namespace: z.exactOptional(z.string()) }) })]),
  clusters: z.tuple([
    z.object({
      cluster: z.looseObject({
        server: z.string(),
        'proxy-url': z.nullish(z.string()),
        'tls-server-name': z.exactOptional(z.string()),
        'certificate-authority-data': z.exactOptional(z.string()),
        extensions: z.exactOptional(
          z.array(z.object({ name: z.string(), extension: z.exactOptional(z.unknown()) })),
        ),
      }),
    }),
  ]),
  users: z.array(
    z.object({
      user: z.looseObject({
        exec: z.nullish(execSchema),
        tokenFile: z.exactOptional(z.string()),
        'auth-provider': z.nullish(z.object({ name: z.string() })),
        as: z.exactOptional(z.string()),
        'as-uid': z.exactOptional(z.string()),
        'as-groups': z.exactOptional(z.array(z.string())),
        'as-user-extra': z.exactOptional(z.record(z.string(), z.array(z.string()))),
      }),
    }),
  ),
});

type UserEntry = z.infer<typeof minifiedSchema>['users'][number]['user'];

type Entries = {
  readonly namespace: string | undefined;
  readonly cluster: z.infer<typeof minifiedSchema>['clusters'][0]['cluster'];
  readonly user: UserEntry;
};

function parseMinified(text: string): Entries {
  const parsed = minifiedSchema.parse(parseYaml(text));
  return {
    namespace: parsed.contexts[0].context.namespace,
    cluster: parsed.clusters[0].cluster,
    user: parsed.users[0]?.user ?? {},
  };
}

function buildPluginRequest({ user, cluster }: Entries): PluginRequest | undefined {
  if (!user.exec) {
    return undefined;
  }
  const { server, extensions } = cluster;
  const config = extensions?.find(({ name }) => name === 'client.authentication.k8s.io/exec')?.extension;
  const known = ['tls-server-name', 'insecure-skip-tls-verify', 'certificate-authority-data', 'proxy-url'];
  return {
    exec: user.exec,
    cluster: {
      server,
      ...Object.fromEntries(known.flatMap(key => (cluster[key] === undefined ? [] : [[key, cluster[key]]]))),
      ...(config === undefined ? {} : { config }),
    },
  };
}

async function readTlsAndHeaders(
  entries: Entries,
): Promise<{ tls: TlsOptions; headers: Record<string, string> }> {
  const { user } = entries;
  const provider = user['auth-provider']?.name;
  if (provider !== undefined && !user.exec) {
    // client-node would run its own process for these, or spend a refresh token that kubectl still needs.
    throw new ClusterError(
      'refused',
      `The kubeconfig's user logs in with the auth-provider "${provider}", which Kubernetes has given up.`,
      { next: 'Use a credential plugin (users[].user.exec) in the kubeconfig instead.' },
    );
  }
  // Loaded late: with the generated API it is half a megabyte that a daemon without a cluster does not need.
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromString(JSON.stringify(buildForClient(entries)));
  const applied: RequestOptions = {};
  await kubeconfig.applyToHTTPSOptions(applied);
  const { ca, cert, key, passphrase, rejectUnauthorized, servername } = applied;
  const basic = applied.auth ? `Basic ${Buffer.from(applied.auth).toString('base64')}` : undefined;
  return {
    tls: {
      ...Object.fromEntries(
        Object.entries({ cert, key, passphrase, rejectUnauthorized, servername }).filter(
          ([, value]) => value !== undefined,
        ),
      ),
      ca: ca ?? [...getCACertificates('default'), ...getCACertificates('system')],
    },
    headers: {
      ...(basic ? { Authorization: basic } : {}),
      ...(applied.headers as Record<string, string> | undefined),
    },
  };
}

/** The same entries as client-node can take them: it has no limit for plugins, and another key for token files. */
function buildForClient({ user, cluster }: Entries): unknown {
  const { exec: _plugin, tokenFile, ...rest } = user;
  const ownToken = tokenFile
    ? { token: undefined, 'auth-provider': { name: 'tokenFile', config: { tokenFile } } }
    : {};
  // client-node refuses plain http (as of `kubectl proxy`) without this; it changes nothing else there.
  const plain = cluster.server.startsWith('http:') ? { 'insecure-skip-tls-verify': true } : {};
  return {
    'current-context': 'context',
    contexts: [{ name: 'context', context: { cluster: 'cluster', user: 'user' } }],
    clusters: [{ name: 'cluster', cluster: { ...cluster, ...plain } }],
    users: [{ name: 'user', user: { ...rest, ...ownToken } }],
  };
}

function buildTokenHeader(credential: PluginCredential | undefined): Record<string, string> {
  return credential?.token ? { Authorization: `Bearer ${credential.token}` } : {};
}

/** https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ ; client-node knows only the user. */
function buildImpersonation(user: UserEntry): Record<string, string | readonly string[]> {
  return {
    ...(user.as ? { 'Impersonate-User': user.as } : {}),
    ...(user['as-uid'] ? { 'Impersonate-Uid': user['as-uid'] } : {}),
    ...(user['as-groups']?.length ? { 'Impersonate-Group': user['as-groups'] } : {}),
    ...Object.fromEntries(
      Object.entries(user['as-user-extra'] ?? {}).map(([key, values]) => [
        `Impersonate-Extra-${encodeURIComponent(key)}`,
        values,
      ]),
    ),
  };
}

function digest(parts: readonly string[], rest: string): string {
  const hash = createHash('sha256');
  for (const part of [...parts, rest]) {
    hash.update(part).update('\0');
  }
  return hash.digest('hex');
}
