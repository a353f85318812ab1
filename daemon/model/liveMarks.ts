import type { HelmRevision } from './rollout.ts';
import type { WorkloadImages } from './runningVersion.ts';

/** What tells that a Helm release is as it was: few facts, read in a few milliseconds. */
export type LiveMarks = {
  readonly release: string;
  /** Helm's newest row; absent when Helm knows no such release. */
  readonly newest?: HelmRevision;
  /** The workloads that count: `deployment/agent-name`. */
  readonly workloads: readonly string[];
  /** The images that they are set to; a workload that does not exist is left out. */
  readonly images: WorkloadImages;
};

/** Names what differs between two looks at a release, for a person who has read a plan in between. */
export function listDrift(before: LiveMarks, now: LiveMarks): readonly string[] {
  const [oldRow, row] = [describeNewest(before), describeNewest(now)];
  const [oldImages, images] = [listImages(before), listImages(now)];
  const containers = [...new Set([...oldImages.keys(), ...images.keys()])].sort();
  return [
    ...(oldRow === row ? [] : [`Helm's newest revision of ${now.release} was ${oldRow} and is ${row}`]),
    ...containers.flatMap(container => {
      const [old = 'nothing', current = 'nothing'] = [oldImages.get(container), images.get(container)];
      return old === current ? [] : [`${container} was set to ${old} and is set to ${current}`];
    }),
  ];
}

function describeNewest({ newest }: LiveMarks): string {
  return newest ? `${newest.revision} (${newest.status})` : 'none';
}

function listImages({ images }: LiveMarks): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(images).flatMap(([workload, containers]) =>
      Object.entries(containers).map(([container, image]) => [`${workload} (${container})`, image]),
    ),
  );
}
