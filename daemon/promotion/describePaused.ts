import type { ObjectDiff } from '../clusters/manifestDiff.ts';
import { parseWorkload } from '../clusters/parseWorkload.ts';

/** Says which Deployments get a new template and stay paused: helm takes such a one for ready, and no pod is replaced. */
export function describePaused(
  diffs: readonly Pick<ObjectDiff, 'objects'>[],
  namespace: string,
): readonly string[] {
  return diffs.flatMap(({ objects }) => {
    if (!objects) {
      return [];
    }
    const [live, applied] = [objects.live, objects.applied].map(it => parseWorkload('Deployment', it));
    if (!applied?.paused || applied.template === live?.template) {
      return [];
    }
    const name = `deployment/${applied.name}`;
    return [
      `${name} is paused: none of its pods would be replaced, and this promotion would wait for that until its time is up. ` +
        `"kubectl rollout resume ${name} -n ${namespace}" lets it go on.`,
    ];
  });
}
