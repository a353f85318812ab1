import { stringify } from 'yaml';
import * as z from 'zod';
import type { WorkloadImages } from '../model/runningVersion.ts';
import { buildManifestError, type ManifestDocument, readManifestDocuments } from './manifestDocuments.ts';
import type { KubernetesObject } from './requests.ts';
import type { ObjectReference } from './resourcePaths.ts';

/** An object of a rendered manifest. */
export type ManifestObject = { readonly reference: ObjectReference; readonly object: KubernetesObject };

/**
 * Parses a rendered manifest, many YAML documents with `List`s among them, as Kubernetes reads YAML.
 * Throws a SlipwayError that names the template of the document it does not understand.
 */
export function parseManifest(text: string): ManifestObject[] {
  return readManifestDocuments(text).flatMap(parseDocument);
}

/** `apps/v1/Deployment/agent-name`; with its namespace where that is not `namespace`. */
export function describeReference(reference: ObjectReference, namespace: string): string {
  const { apiVersion, kind, name } = reference;
  const elsewhere = reference.namespace !== undefined && reference.namespace !== namespace;
  return [apiVersion, kind, ...(elsewhere ? [reference.namespace] : []), name].join('/');
}

/** The images of the workloads in a manifest: `deployment/agent-name` to container to image. */
export function findManifestImages(objects: readonly ManifestObject[]): WorkloadImages {
  return Object.fromEntries(
    objects.flatMap(({ reference, object }) => {
      const workload = workloadSchema.safeParse(object);
      return workloadKinds.has(reference.kind) && workload.success
        ? [
            [
              `${reference.kind.toLowerCase()}/${reference.name}`,
              Object.fromEntries(
                workload.data.spec.template.spec.containers.map(({ name, image }) => [name, image]),
              ),
            ],
          ]
        : [];
    }),
  );
}

/** The workloads of a manifest (`daemonset/node-agent`) whose pods are replaced only when somebody deletes them. */
export function findOnDelete(objects: readonly ManifestObject[]): readonly string[] {
  return objects
    .filter(({ object }) => onDeleteSchema.safeParse(object).success)
    .map(({ reference }) => `${reference.kind.toLowerCase()}/${reference.name}`);
}

/** Writes an object as YAML that is the same for the same content: what people look for first, then by name. */
export function writeObject(object: KubernetesObject): string {
  return stringify(object, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    sortMapEntries: (left, right) => compareKeys(String(left.key), String(right.key)),
  });
}

/** A template often leaves it without a value. */
const namespace = z.nullish(z.string());
const objectSchema = z
  .looseObject({
    apiVersion: z.string().min(1),
    kind: z.string().min(1),
    metadata: z.union([
      z.looseObject({ name: z.string().min(1), namespace }),
      z.looseObject({ name: z.nullish(z.literal('')), generateName: z.string().min(1), namespace }),
    ]),
  })
  .catchall(z.json());
const listSchema = z.object({ kind: z.string().endsWith('List'), items: z.nullable(z.array(z.unknown())) });
const workloadKinds: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
const onDeleteSchema = z.object({
  kind: z.enum(['StatefulSet', 'DaemonSet']),
  spec: z.object({ updateStrategy: z.object({ type: z.literal('OnDelete') }) }),
});
const workloadSchema = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string() })) }),
    }),
  }),
});

function parseDocument({ value, name }: ManifestDocument): ManifestObject[] {
  const list = listSchema.safeParse(value);
  if (list.success) {
    return (list.data.items ?? []).flatMap(item => parseDocument({ value: item, name }));
  }
  const parsed = objectSchema.safeParse(value);
  if (!parsed.success) {
    throw buildManifestError(name, `no object of Kubernetes: ${z.prettifyError(parsed.error)}`);
  }
  const { apiVersion, kind, metadata } = parsed.data;
  return [
    {
      reference: {
        apiVersion,
        kind,
        // The API server completes it.
        name: metadata.name || `${metadata['generateName']}*`,
        ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
      },
      object: parsed.data as KubernetesObject,
    },
  ];
}

const firstKeys = ['apiVersion', 'kind', 'metadata', 'name', 'namespace'];

function compareKeys(left: string, right: string): number {
  const [leftRank, rightRank] = [left, right].map(key => {
    const rank = firstKeys.indexOf(key);
    return rank === -1 ? firstKeys.length : rank;
  });
  return (leftRank ?? 0) - (rightRank ?? 0) || (left < right ? -1 : left > right ? 1 : 0);
}
