import { findManifestImages } from '../clusters/parseManifest.ts';
import { readObject } from '../clusters/requests.ts';
import type { LiveMarks } from '../model/liveMarks.ts';
import type { WorkloadImages } from '../model/runningVersion.ts';
import { findNewestRevision } from '../steps/helmHistory.ts';
import { readHelmRevisions } from './clusterWorld.ts';
import type { EnvironmentAccess } from './environmentAccess.ts';

/** Reads a release's marks now. */
export async function readLiveMarks(
  place: Pick<EnvironmentAccess, 'cluster' | 'namespace'>,
  about: Pick<LiveMarks, 'release' | 'workloads'>,
  signal?: AbortSignal,
): Promise<LiveMarks> {
  const { release, workloads } = about;
  const { namespace, cluster } = place;
  const [rows, images] = await Promise.all([
    readHelmRevisions(cluster, { namespace, release }),
    readWorkloadImages(place, workloads, signal),
  ]);
  const newest = findNewestRevision(rows);
  return { release, workloads, images, ...(newest ? { newest } : {}) };
}

/** Reads the images that workloads are set to, each asked for by its name, as `deployment/agent-name`. */
export async function readWorkloadImages(
  { cluster, namespace }: Pick<EnvironmentAccess, 'cluster' | 'namespace'>,
  workloads: readonly string[],
  signal?: AbortSignal,
): Promise<WorkloadImages> {
  const asking = { connection: cluster.connection, ...(signal ? { signal } : {}) };
  const found = await Promise.all(
    workloads.map(async key => {
      const [kind = '', name = ''] = key.split('/');
      const path = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${kind}s/${encodeURIComponent(name)}`;
      const object = await readObject(asking, path);
      const reference = { apiVersion: 'apps/v1', kind: kindNames[kind] ?? kind, name };
      return object ? [{ reference, object }] : [];
    }),
  );
  return findManifestImages(found.flat());
}

const kindNames: Readonly<Record<string, string>> = {
  deployment: 'Deployment',
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
};
