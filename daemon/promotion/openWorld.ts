import type { Clusters } from '../clusters/clusters.ts';
import type { Promotion } from '../model/promotion.ts';
import type { World } from '../steps/step.ts';
import { buildClusterWorld } from '../watching/clusterWorld.ts';
import { EnvironmentWatch } from '../watching/environmentWatch.ts';

/** Opens the real world of a promotion's target, with a watch of its own that nobody has to have open. */
export function openWorld(
  promotion: Promotion,
  options: { readonly clusters: Clusters; readonly log: (message: string) => void },
): World & { dispose(): void } {
  const { clusters, log } = options;
  const { context, namespace, clusterId } = promotion.plan.target;
  const watch = new EnvironmentWatch({ clusters, context, namespace, clusterId, log });
  watch.connect();
  const world = buildClusterWorld({
    cluster: clusters.open(context),
    namespace,
    clusterId,
    causes: () => watch.state.causes,
    onChanged: listener => watch.onChanged(listener),
  });
  return { ...world, dispose: () => watch.dispose() };
}
