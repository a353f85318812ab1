import type { Promotion } from '../model/promotion.ts';
import { buildWorkloadKey } from '../model/runningVersion.ts';
import type { World } from '../steps/step.ts';
import { messageOf } from './lookAtStep.ts';

/** What a person is told at a bad end equals what the cluster says: the workloads as they stand now, a sentence each. */
export async function describeWorkloads(
  { plan }: Promotion,
  world: Pick<World, 'workloads'>,
): Promise<readonly string[]> {
  try {
    const workloads = await world.workloads();
    const names = new Set(plan.images.map(image => image.container));
    return workloads.flatMap(workload => {
      const images = Object.entries(workload.images)
        .filter(([container]) => names.has(container))
        .map(([, image]) => image);
      return images.length === 0
        ? []
        : [`${buildWorkloadKey(workload)} is set to ${images.join(' and ')}: ${workload.reason}.`];
    });
  } catch (error) {
    return [`What the workloads do cannot be said: ${messageOf(error)}`];
  }
}
