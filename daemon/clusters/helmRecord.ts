import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as z from 'zod';
import { BoundedMap } from '../model/boundedMap.ts';
import type { JsonValue } from '../model/canonicalJson.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { type HelmHook, helmHookSchema } from '../protocol/helmHook.ts';
import { buildRedactor } from '../protocol/redaction/redact.ts';
import { ClusterError } from './clusterError.ts';
import type { HelmRow } from './helmRevisions.ts';
import { optional } from './optional.ts';
import { type Asking, readObject } from './requests.ts';

/** What Helm wrote down for one revision. */
export type HelmRecord = {
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
  readonly status: string;
  /** "Upgrade complete", "context canceled"; without secrets, which the cluster's words may repeat. */
  readonly description: string;
  readonly chart: string;
  readonly chartVersion: string;
  readonly appVersion?: string;
  /** The values that were given, without the chart's own. */
  readonly values: JsonValue;
  /** What was rendered, as YAML documents; may hold Secrets in clear. */
  readonly manifest: string;
  /** The chart's hooks, which are not in the manifest. */
  readonly hooks: readonly HelmHook[];
  /** How it was applied: `ssa` or `csa`; absent before Helm 4. */
  readonly applyMethod?: string;
};

const redactor = buildRedactor();
/** A record is a few hundred kilobytes. */
const keptRecords = 8;
const largestRecord = 64 * 1024 * 1024;

/** Reads Helm's records, one Secret each, and keeps the newest few: a Secret's version never changes its content. */
export class HelmRecords {
  readonly #known = new BoundedMap<string, Promise<HelmRecord>>(keptRecords);

  /** The record behind a row. Throws a ClusterError `notFound` where it was pruned meanwhile. */
  read(asking: Asking, row: HelmRow): Promise<HelmRecord> {
    const key = `${row.secret.uid}/${row.secret.version}`;
    const known = this.#known.get(key);
    const reading = known ?? readHelmRecord(asking, row.revision.namespace, row.secret.name);
    this.#known.set(key, reading);
    if (known === undefined) {
      reading.catch(() => this.#known.delete(key));
    }
    return reading;
  }
}

/** Reads and decodes one of Helm's Secrets by its name, `sh.helm.release.v1.kosmos.v3`. */
export async function readHelmRecord(asking: Asking, namespace: string, name: string): Promise<HelmRecord> {
  const secret = await readObject(
    asking,
    `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`,
  );
  if (!secret) {
    throw new ClusterError('notFound', `Helm's record ${name} is not in namespace ${namespace} any more.`, {
      status: 404,
    });
  }
  try {
    return await decodeHelmRecord(secretSchema.parse(secret).data.release);
  } catch {
    // Without a cause: a parser's words quote what they do not understand, and records hold Secrets.
    throw new SlipwayError(
      'toolFailed',
      `Helm's record ${name} in namespace ${namespace} cannot be read: it is damaged, or of a helm that Slipway does not know.`,
      {
        next: `Ask helm for it ("helm history RELEASE -n ${namespace}"). Where helm cannot read it either, remove it: kubectl delete secret ${name} -n ${namespace}.`,
        details: { record: name },
      },
    );
  }
}

/** True for the error of a record that is there and cannot be read. */
export function isDamagedRecord(error: unknown): error is SlipwayError {
  return error instanceof SlipwayError && 'record' in error.details;
}

/** Decodes what a Secret holds: base64 by Kubernetes, base64 by Helm, gzip (not in the oldest), JSON. */
export async function decodeHelmRecord(data: string): Promise<HelmRecord> {
  const packed = Buffer.from(Buffer.from(data, 'base64').toString('latin1'), 'base64');
  const isGzip = packed[0] === 0x1f && packed[1] === 0x8b;
  const text = isGzip ? await unzip(packed, { maxOutputLength: largestRecord }) : packed;
  const { name, namespace, version, info, chart, config, manifest, hooks, apply_method } = recordSchema.parse(
    JSON.parse(text.toString('utf8')),
  );
  return {
    release: name,
    namespace,
    revision: version,
    status: info.status,
    description: redactor.redact(info.description),
    chart: chart.metadata.name,
    chartVersion: chart.metadata.version,
    ...optional('appVersion', chart.metadata.appVersion || undefined),
    values: config ?? {},
    manifest,
    hooks: hooks ?? [],
    ...optional('applyMethod', apply_method || undefined),
  };
}

const unzip = promisify(gunzip) as (
  data: Uint8Array,
  options: { maxOutputLength: number },
) => Promise<Buffer>;

const secretSchema = z.object({ data: z.object({ release: z.string() }) });
const recordSchema = z.object({
  name: z.string(),
  namespace: z.string(),
  version: z.number().int(),
  info: z.object({ status: z.string(), description: z.string().default('') }),
  chart: z.object({
    metadata: z.object({
      name: z.string(),
      version: z.string(),
      appVersion: z.exactOptional(z.string()),
    }),
  }),
  config: z.nullish(z.json()),
  manifest: z.string().default(''),
  hooks: z.nullish(z.array(helmHookSchema)),
  apply_method: z.exactOptional(z.string()),
});
