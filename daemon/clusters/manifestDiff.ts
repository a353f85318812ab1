import * as z from 'zod';
import { buildCanonicalJson, type JsonValue } from '../model/canonicalJson.ts';
import type { ObjectChange } from '../model/plan.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { ClusterError } from './clusterError.ts';
import { describeReference, type ManifestObject, writeObject } from './parseManifest.ts';
import { removeDroppedFields } from './removeDroppedFields.ts';
import { type Asking, applyDryRun, type KubernetesObject, readObject } from './requests.ts';
import type { ResourcePaths } from './resourcePaths.ts';
import type { SecretMask } from './secretMask.ts';

/** What happens to one object, with its text before and after; Secrets are masked. */
export type ObjectDiff = ObjectChange & {
  /** YAML of the live object without what the cluster itself keeps changing; empty where there is none. */
  readonly before: string;
  /** YAML of what the API server would make of it; empty where it goes. */
  readonly after: string;
  /** What was compared, for a Deployment that is there. */
  readonly objects?: { readonly live: KubernetesObject; readonly applied: KubernetesObject };
};

/** What is compared. */
export type ManifestDiffInput = {
  readonly asking: Asking;
  readonly paths: ResourcePaths;
  readonly release: string;
  readonly namespace: string;
  /** What is to be applied. */
  readonly next: readonly ManifestObject[];
  /** What Helm's record of the running revision holds; what is missing from `next` will be deleted. */
  readonly stored: readonly ManifestObject[];
  readonly mask: SecretMask;
};

/** How many objects are asked about at a time. */
const atATime = 6;

/**
 * Compares a rendered manifest with the live cluster, object by object, by a server-side dry-run apply as Helm's
 * manager: Helm's own dry run hides field conflicts and unknown fields. The result is in the order of the objects.
 */
export async function buildManifestDiff(input: ManifestDiffInput): Promise<readonly ObjectDiff[]> {
  const { namespace } = input;
  const known = new Set(input.next.map(({ reference }) => describeReference(reference, namespace)));
  const stored = new Map(
    input.stored.map(({ reference, object }) => [describeReference(reference, namespace), object]),
  );
  const tasks = [
    ...input.next.map(object => () => {
      const before = stored.get(describeReference(object.reference, namespace));
      return diffObject(input, object, before);
    }),
    ...input.stored
      .filter(({ reference }) => !known.has(describeReference(reference, namespace)))
      .map(object => () => diffDeleted(input, object)),
  ];
  const diffs: ObjectDiff[] = [];
  const work = async () => {
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      diffs.push(await task());
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return diffs.sort((left, right) => (left.object < right.object ? -1 : left.object > right.object ? 1 : 0));
}

/** The text of one side of all objects, each under its name, for a diff editor. */
export function writeDiffSide(diffs: readonly ObjectDiff[], side: 'before' | 'after'): string {
  return diffs
    .filter(diff => diff[side] !== '')
    .map(diff => `# ${diff.object}\n${diff[side]}`)
    .join('---\n');
}

/** The text of a manifest with its Secrets masked, the objects in the order of their names. */
export function writeManifest(
  objects: readonly ManifestObject[],
  options: { readonly namespace: string; readonly mask: SecretMask },
): string {
  return objects
    .map(({ reference, object }) => ({
      name: describeReference(reference, options.namespace),
      text: writeObject(options.mask(object)),
    }))
    .sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0))
    .map(({ name, text }) => `# ${name}\n${text}`)
    .join('---\n');
}

async function diffObject(
  input: ManifestDiffInput,
  { reference, object }: ManifestObject,
  stored: KubernetesObject | undefined,
): Promise<ObjectDiff> {
  const { asking, mask, namespace } = input;
  const name = describeReference(reference, namespace);
  let live: KubernetesObject | undefined;
  try {
    const { path, namespaced } = await input.paths.find(reference, namespace, asking.signal);
    live = await readObject(asking, path);
    const desired = buildDesired(object, {
      release: input.release,
      releaseNamespace: namespace,
      namespace: namespaced ? (reference.namespace ?? namespace) : undefined,
    });
    const { fieldManager, clientSide } = findHelmManager(live);
    const gentle = await applyDryRun(asking, desired, { path, fieldManager, force: false });
    const conflicts = gentle.type === 'conflict' ? removeOwn(gentle.conflicts, fieldManager) : [];
    const applied =
      gentle.type === 'conflict'
        ? await applyDryRun(asking, desired, { path, fieldManager, force: true })
        : gentle;
    if (applied.type === 'conflict') {
      return buildFailure(name, live && mask(live), applied.conflicts);
    }
    const before = live && removeNoise(mask(live));
    // A release that was applied on the client's side: what it drops is still owned by that, and would stay.
    const result =
      clientSide && stored
        ? (removeDroppedFields({ before: stored, next: object, applied: applied.object }) as KubernetesObject)
        : applied.object;
    const after = removeNoise(mask(result));
    const same = before !== undefined && buildCanonicalJson(before) === buildCanonicalJson(after);
    return {
      object: name,
      change: before === undefined ? 'create' : same ? 'same' : 'change',
      conflicts,
      before: before ? writeObject(before) : '',
      after: writeObject(after),
      ...(live && reference.kind === 'Deployment' ? { objects: { live, applied: result } } : {}),
    };
  } catch (error) {
    return buildFailure(name, live && mask(live), [describeRefusal(error, reference.kind)]);
  }
}

async function diffDeleted(input: ManifestDiffInput, { reference }: ManifestObject): Promise<ObjectDiff> {
  const { asking, mask, namespace } = input;
  const name = describeReference(reference, namespace);
  try {
    const { path } = await input.paths.find(reference, namespace, asking.signal);
    const live = await readObject(asking, path);
    if (!live) {
      return { object: name, change: 'same', conflicts: [], before: '', after: '' };
    }
    const text = writeObject(removeNoise(mask(live)));
    // https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource
    const kept = readAnnotations(live)['helm.sh/resource-policy'] === 'keep';
    return {
      object: name,
      change: kept ? 'same' : 'delete',
      conflicts: [],
      before: text,
      after: kept ? text : '',
    };
  } catch (error) {
    return buildFailure(name, undefined, [describeRefusal(error, reference.kind)]);
  }
}

function buildFailure(
  object: string,
  live: KubernetesObject | undefined,
  conflicts: readonly string[],
): ObjectDiff {
  const text = live ? writeObject(removeNoise(live)) : '';
  return { object, change: 'error', conflicts, before: text, after: text };
}

/** An answer about a Secret may repeat a value of it, so of that only the fields are told. */
function describeRefusal(error: unknown, kind: string): string {
  if (!(error instanceof SlipwayError)) {
    throw error;
  }
  if (error.code === 'cancelled' || error.code === 'clusterUnreachable' || error.code === 'loginExpired') {
    throw error;
  }
  if (kind === 'Secret' && error instanceof ClusterError && error.kind !== 'forbidden') {
    const fields = error.causes.flatMap(({ field }) => field ?? []);
    return `the API server refuses it${fields.length > 0 ? `: ${fields.join(', ')}` : ''} (its words are hidden, since they may hold the value)`;
  }
  return error.message;
}

/** What Helm itself adds to every object before it applies it. */
function buildDesired(
  object: KubernetesObject,
  owner: {
    readonly release: string;
    readonly releaseNamespace: string;
    readonly namespace: string | undefined;
  },
): KubernetesObject {
  const metadata = metadataSchema.parse(object['metadata']);
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(owner.namespace === undefined ? {} : { namespace: owner.namespace }),
      labels: { ...metadata.labels, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: {
        ...metadata.annotations,
        'meta.helm.sh/release-name': owner.release,
        'meta.helm.sh/release-namespace': owner.releaseNamespace,
      },
    } as JsonValue,
  };
}

/** The name under which Helm wrote the object: an apply under another one would conflict with Helm itself. */
function findHelmManager(live: KubernetesObject | undefined): {
  readonly fieldManager: string;
  /** True when Helm never applied it on the server's side. */
  readonly clientSide: boolean;
} {
  const managers = managersSchema.safeParse(live?.['metadata']).data?.managedFields ?? [];
  const helms = managers.filter(({ manager }) => manager.toLowerCase() === 'helm');
  const applied = helms.find(({ operation }) => operation === 'Apply');
  return {
    fieldManager: (applied ?? helms[0])?.manager ?? 'helm',
    clientSide: applied === undefined && helms.length > 0,
  };
}

/** What Helm once wrote by other means than an apply is still Helm's. */
function removeOwn(conflicts: readonly string[], manager: string): readonly string[] {
  return conflicts.filter(conflict => !conflict.includes(`conflict with "${manager}"`));
}

const metadataSchema = z.looseObject({
  labels: z.nullish(z.record(z.string(), z.json())),
  annotations: z.nullish(z.record(z.string(), z.json())),
});
const managersSchema = z.object({
  managedFields: z.array(z.object({ manager: z.string(), operation: z.string() })),
});

function readAnnotations(object: KubernetesObject): Readonly<Record<string, JsonValue>> {
  return metadataSchema.safeParse(object['metadata']).data?.annotations ?? {};
}

const noisyMetadata: ReadonlySet<string> = new Set([
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'selfLink',
]);
/** kubectl's copy of the whole object, Secrets in clear. */
const noisyAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** Leaves out what the cluster keeps changing by itself. */
function removeNoise(object: KubernetesObject): KubernetesObject {
  const { status: _status, metadata, ...rest } = object;
  const kept = Object.entries(metadataSchema.parse(metadata ?? {})).filter(
    ([key]) => !noisyMetadata.has(key),
  );
  const cleaned = Object.fromEntries(kept);
  const annotations = Object.entries(readAnnotations(object)).filter(([key]) => key !== noisyAnnotation);
  delete cleaned['annotations'];
  return {
    ...rest,
    metadata: {
      ...cleaned,
      ...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}),
    } as JsonValue,
  };
}
