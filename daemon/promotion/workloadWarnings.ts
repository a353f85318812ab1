import { findManifestImages, type ManifestObject } from '../clusters/parseManifest.ts';
import type { Component } from '../model/procedure.ts';
import { buildWorkloadKey, isImageReference, isSameImage } from '../model/runningVersion.ts';

/** What a rendered chart is compared with. */
export type WorkloadExpectation = {
  readonly component: Component;
  /** The image that the procedure expects for this release; absent where it names none. */
  readonly image?: string;
  /** Where the promotion looks for the workload. */
  readonly namespace: string;
};

/** Sentences about what would go wrong with a component's workload once helm has changed the cluster. */
export function buildWorkloadWarnings(
  { component, image, namespace }: WorkloadExpectation,
  objects: readonly ManifestObject[],
): readonly string[] {
  const here = objects.filter(({ reference }) => (reference.namespace ?? namespace) === namespace);
  const images = findManifestImages(here);
  const impossible = Object.entries(images).flatMap(([workload, containers]) =>
    Object.values(containers)
      .filter(reference => !isImageReference(reference))
      .map(reference => `${workload} would run ${reference}: no registry can have an image of this name.`),
  );
  const key = component.workload && buildWorkloadKey(component.workload);
  if (key === undefined) {
    return impossible;
  }
  const given = images[key];
  if (!given) {
    const found = objects.find(
      ({ reference: { kind, name } }) => `${kind.toLowerCase()}/${name}` === key,
    )?.reference;
    const lack =
      found?.namespace === undefined
        ? `The chart has no ${key}`
        : `The chart puts ${key} into the namespace ${found.namespace}, and Slipway looks in ${namespace}`;
    return [
      ...impossible,
      image === undefined
        ? `${lack}: its rollout cannot be verified.`
        : `${lack}: ${failsLate} Correct the workload in slipway.yaml, or the chart.`,
    ];
  }
  const container = component.container ?? Object.keys(given)[0] ?? '';
  const runs = given[container];
  return image === undefined || (runs !== undefined && isSameImage(runs, image))
    ? impossible
    : [
        ...impossible,
        `The chart sets ${key} to ${runs ?? 'no such container'}, while slipway.yaml expects ${image}: ${failsLate} ` +
          'Correct images or container in slipway.yaml, or the chart.',
      ];
}

const failsLate = 'this promotion would end as failed after helm has changed the cluster.';
