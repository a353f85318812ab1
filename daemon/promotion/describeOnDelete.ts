import { findOnDelete, type ManifestObject } from '../clusters/parseManifest.ts';
import type { WorkloadImages } from '../model/runningVersion.ts';

/** Says which workloads, of those that are there, will run on with their old pods, and which of them helm waits for. */
export function describeOnDelete(
  next: readonly ManifestObject[],
  { live, wait }: { readonly live: WorkloadImages; readonly wait: 'watcher' | 'legacy' },
): readonly string[] {
  return findOnDelete(next)
    .filter(workload => live[workload] !== undefined)
    .map(workload => {
      const stays = `${workload} replaces a pod only when somebody deletes it (updateStrategy OnDelete)`;
      // Helm 4.3.1 asks of a DaemonSet, not of a StatefulSet, that its pods are updated, whatever its strategy says.
      return wait === 'watcher' && workload.startsWith('daemonset/')
        ? `${stays}, and helm's watcher would wait for that until its time is up: "wait: legacy" beside its timeout in slipway.yaml does not.`
        : `${stays}: until then its old pods run on.`;
    });
}
