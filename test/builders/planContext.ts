import { gzipSync } from 'node:zlib';
import { ClusterError } from '../../daemon/clusters/clusterError.ts';
import type { ClusterRequest } from '../../daemon/clusters/clusterRequest.ts';
import { ResourcePaths } from '../../daemon/clusters/resourcePaths.ts';
import type { Component } from '../../daemon/model/procedure.ts';
import type { PlanContext } from '../../daemon/promotion/planContext.ts';
import type { HelmHook } from '../../daemon/protocol/helmHook.ts';
import type { ToolRun } from '../../daemon/tools/process/toolRun.ts';

/** A revision in Helm's record, whose chart sets the colour. */
export type Revision = {
  readonly colour: string;
  /** Absent in what helm 3 writes. */
  readonly applyMethod?: 'ssa' | 'csa';
  /** `superseded` unless it is the last one, which is `deployed`. */
  readonly status?: string;
  /** What its chart renders, where that is not the colour alone. */
  readonly manifest?: string;
  readonly hooks?: readonly HelmHook[];
  /** True where the record itself cannot be unpacked. */
  readonly damaged?: boolean;
};

/** A component of one ConfigMap, brought by helm. */
export const shop: Component = {
  name: 'shop',
  methods: ['helm'],
  helm: { release: 'shop', chart: 'charts/shop', values: [], set: {}, timeout: '5m', install: true },
};

/**
 * What a plan is built from where somebody has set the colour by `kubectl edit`: the API server has these revisions of
 * the release, the first one first, and helm is of this version.
 */
export function aPlanContext(options: {
  readonly helm: string;
  readonly revisions: readonly Revision[];
  /** The hooks of the chart that helm renders. */
  readonly hooks?: readonly HelmHook[];
}): PlanContext {
  const connection = { send: async (request: ClusterRequest) => answer(request, options.revisions) };
  const tools = {
    run: async <T>(run: ToolRun<T>): Promise<T> => {
      const stdout =
        run.args[0] === 'version'
          ? `${options.helm}\n`
          : JSON.stringify({ manifest: buildManifest('new'), hooks: options.hooks });
      return run.parse({ stdout, stderr: '', exitCode: 0 });
    },
  };
  return {
    planId: 'p-1',
    environment: { name: 'staging' },
    policy: { procedure: { releases: { images: {} } }, commit: 'c'.repeat(40), from: 'main' },
    repository: {
      contents: {
        checkChart: async () => [],
        checkout: async () => ({ folder: '/nowhere', dispose: () => {} }),
      },
    },
    access: { namespace, cluster: { connection, paths: new ResourcePaths(connection as never) } },
    tools,
    kubeconfigPath: '/nowhere/kubeconfig',
    signal: new AbortController().signal,
    notices: [],
  } as unknown as PlanContext;
}

const namespace = 'shop-staging';

function buildManifest(colour: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\ndata: {colour: ${colour}}\n`;
}

/** The API server's answer to what plans ask. */
function answer({ method = 'GET', path, query }: ClusterRequest, revisions: readonly Revision[]): string {
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  if (path === '/api/v1') {
    return JSON.stringify({ resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }] });
  }
  if (path === secrets) {
    return JSON.stringify({ items: revisions.map((_, index) => buildRow(revisions, index)) });
  }
  const number = path.startsWith(`${secrets}/`) ? Number(path.split('.v').at(-1)) : undefined;
  if (number !== undefined) {
    return JSON.stringify({ data: { release: packRecord(revisions, number - 1) } });
  }
  if (method === 'PATCH' && query?.['force'] === undefined) {
    throw new ClusterError('conflict', 'Apply failed with 1 conflict', {
      status: 409,
      causes: [{ field: '.data.colour', message: 'conflict with "kubectl-edit" using v1' }],
    });
  }
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop' } });
}

function statusOf(revisions: readonly Revision[], index: number): string {
  return revisions[index]?.status ?? (index === revisions.length - 1 ? 'deployed' : 'superseded');
}

function buildRow(revisions: readonly Revision[], index: number) {
  return {
    metadata: {
      name: `sh.helm.release.v1.shop.v${index + 1}`,
      namespace,
      uid: `uid-${index}`,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { name: 'shop', status: statusOf(revisions, index), version: String(index + 1) },
    },
  };
}

/** As Helm keeps it: gzip, base64 by Helm, base64 by Kubernetes. */
function packRecord(revisions: readonly Revision[], index: number): string {
  const { colour = '', applyMethod, hooks, manifest = buildManifest(colour) } = revisions[index] ?? {};
  const record = {
    name: 'shop',
    namespace,
    version: index + 1,
    info: { status: statusOf(revisions, index), description: 'Upgrade complete' },
    chart: { metadata: { name: 'shop', version: `${index + 1}.0.0` } },
    manifest,
    hooks,
    ...(applyMethod === undefined ? {} : { apply_method: applyMethod }),
  };
  const whole = gzipSync(JSON.stringify(record)).toString('base64');
  const packed = revisions[index]?.damaged ? whole.slice(0, 40) : whole;
  return Buffer.from(packed).toString('base64');
}
