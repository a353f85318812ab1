import type { Clusters } from '../clusters/clusters.ts';
import type { Promotion } from '../model/promotion.ts';
import type { World } from '../steps/step.ts';
import { buildClusterWorld } from '../watching/clusterWorld.ts';
import type { SharedWatches } from '../watching/sharedWatches.ts';

/** Opens the real world of a promotion's target, with a share in its watch, so that nobody has to have it open. */
export function openWorld(
  promotion: Promotion,
  options: { readonly clusters: Clusters; readonly watches: SharedWatches },
): World & { dispose(): void } {
  const { clusters, watches } = options;
  const { context, namespace, clusterId } = promotion.plan.target;
  const watch = watches.connect({ context, namespace, clusterId });
  const world = buildClusterWorld({
    cluster: clusters.open(context),
    namespace,
    clusterId,
    causes: () => watch.state.causes,
    onChanged: listener => watch.onChanged(listener),
  });
  return { ...world, dispose: () => watch.dispose() };
}
