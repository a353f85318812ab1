import { buildManifestDiff, writeDiffSide, writeManifest } from '../clusters/manifestDiff.ts';
import type { ManifestObject } from '../clusters/parseManifest.ts';
import { buildSecretMask } from '../clusters/secretMask.ts';
import { describePaused } from './describePaused.ts';
import type { LivePart, PlanContext } from './planContext.ts';
import { readLateReturns } from './readLateReturns.ts';

/** What would change, and what helm could misunderstand of it. */
export type Diffs = Pick<LivePart, 'objects' | 'texts'> & {
  /** Deployments whose old verdict helm's watcher would believe. */
  readonly lateReturns: readonly string[];
  /** Sentences about Deployments that would not follow. */
  readonly paused: readonly string[];
};

/** Compares what would be applied with Helm's record and, by a dry run of each object, with the live cluster. */
export async function readDiffs(
  context: PlanContext,
  what: {
    readonly release: string;
    readonly next: readonly ManifestObject[];
    /** What Helm's record holds: what is missing from `next` goes. */
    readonly stored: readonly ManifestObject[];
  },
): Promise<Diffs> {
  const { access, signal } = context;
  const { namespace, cluster } = access;
  const mask = buildSecretMask();
  const diffs = await buildManifestDiff({
    asking: { connection: cluster.connection, signal },
    paths: cluster.paths,
    namespace,
    mask,
    ...what,
  });
  return {
    objects: diffs.map(({ object, change, conflicts }) => ({ object, change, conflicts })),
    texts: {
      storedManifest: writeManifest(what.stored, { namespace, mask }),
      newManifest: writeManifest(what.next, { namespace, mask }),
      liveObjects: writeDiffSide(diffs, 'before'),
      appliedObjects: writeDiffSide(diffs, 'after'),
    },
    lateReturns: await readLateReturns(context, diffs),
    paused: describePaused(diffs, namespace),
  };
}
