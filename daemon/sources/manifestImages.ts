import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import type { Component } from '../model/procedure.ts';

const workloadSchema = z.object({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet']),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string() })) }),
    }),
  }),
});

/** The images of a rendered manifest's workloads: `deployment/agent-name` to container name to image. */
export type ManifestImages = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads the images out of a manifest as Helm renders or stores it; objects that are no workloads are passed over. */
export function parseManifestImages(manifest: string): ManifestImages {
  const images = new Map<string, ReadonlyMap<string, string>>();
  for (const document of parseAllDocuments(manifest)) {
    const workload = workloadSchema.safeParse('toJS' in document ? document.toJS() : undefined);
    if (workload.success) {
      const { kind, metadata, spec } = workload.data;
      const containers = spec.template.spec.containers.map(({ name, image }) => [name, image] as const);
      images.set(`${kind.toLowerCase()}/${metadata.name}`, new Map(containers));
    }
  }
  return images;
}

/** The image that a manifest gives a component; `undefined` when its workload or container is not in it. */
export function findComponentImage(images: ManifestImages, component: Component): string | undefined {
  const { workload, container } = component;
  if (!workload) {
    return undefined;
  }
  const containers = images.get(`${workload.kind}/${workload.name}`);
  return container === undefined ? containers?.values().next().value : containers?.get(container);
}
