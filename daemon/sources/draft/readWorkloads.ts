import * as z from 'zod';
import { findNumber } from '../../model/template.ts';
import type { WorkloadChoice } from './draftFacts.ts';
import { readYamlValues } from './readYamlValues.ts';

/** A container of a workload, with the image as it was rendered. */
export type FoundContainer = {
  /** `deployment/agent-name`. */
  readonly workload: string;
  readonly container: string;
  readonly image: string;
};

/** Whose workloads are read: those of the chart alone, or where it has none, those of the charts in it. */
export type WorkloadOwners = 'itself' | 'parts';

/** Reads the workloads of a rendered chart; what cannot be read is left out. */
export function readWorkloads(
  manifest: string,
  owners: WorkloadOwners = 'itself',
): readonly FoundContainer[] {
  return manifest
    .split(/^---[^\S\n]*$/m)
    .filter(text => owners === 'parts' || !/^# Source: [^\n]*\/charts\/[^/\n]+\/templates\//m.test(text))
    .flatMap(text => readYamlValues(text, { uniqueKeys: false }))
    .flatMap(value => {
      const parsed = workloadSchema.safeParse(value);
      return parsed.success ? listContainers(parsed.data) : [];
    });
}

/**
 * The text that stands for the tag which a value sets, so that it is found again in what was rendered; it has the form of
 * a version, since many a chart takes the `v` away.
 */
export function buildProbe(index: number): string {
  return `v0.0.${index}-slipway-probe`;
}

/** What a rendered image holds of a tag, and the placeholder that stands for it. */
function findPlaceholder(
  image: string,
  probe: string,
): { readonly text: string; readonly placeholder: string } | undefined {
  return [
    { text: probe, placeholder: '{version}' },
    { text: findNumber(probe), placeholder: '{number}' },
  ].find(({ text }) => image.includes(text));
}

/**
 * Chooses the workload whose image is the version: one whose tag a value sets, the first of the likeliest value;
 * else the first of all, with its image as it is.
 */
export function chooseWorkload(
  found: readonly FoundContainer[],
  tagKeys: readonly string[],
): WorkloadChoice | undefined {
  for (const [index, tagKey] of tagKeys.entries()) {
    const probe = buildProbe(index);
    for (const { workload, container, image } of found) {
      const match = findPlaceholder(image, probe);
      if (match) {
        return { workload, container, image: image.replaceAll(match.text, match.placeholder), tagKey };
      }
    }
  }
  const [first] = found;
  return first && { ...first };
}

/** The other values whose tag is in an image of the chart. */
export function listOtherTagKeys(
  found: readonly FoundContainer[],
  tagKeys: readonly string[],
  chosen: string | undefined,
): readonly string[] {
  return tagKeys.filter(
    (key, index) =>
      key !== chosen && found.some(({ image }) => findPlaceholder(image, buildProbe(index)) !== undefined),
  );
}

const containerSchema = z.object({ name: z.string(), image: z.string() });
const workloadSchema = z.object({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet']),
  metadata: z.object({ name: z.string() }),
  spec: z.object({ template: z.object({ spec: z.object({ containers: z.array(containerSchema) }) }) }),
});

function listContainers({ kind, metadata, spec }: z.infer<typeof workloadSchema>): readonly FoundContainer[] {
  return spec.template.spec.containers.map(({ name, image }) => ({
    workload: `${kind.toLowerCase()}/${metadata.name}`,
    container: name,
    image,
  }));
}
