import { buildDigest, type Digest } from '../digest.ts';
import { type DigestPart, sortParts } from './digestParts.ts';

/** An image of a release; `digest` is `sha256:...` as a registry says, or `unverified` without its answer. */
export type ReleaseImage = { readonly name: string; readonly tag: string; readonly digest: string };

/** A chart of a release: its folder and the id of its git tree, or `missing` at this commit. */
export type ReleaseChart = { readonly path: string; readonly tree: string };

/** What a release is made of. */
export type ReleaseFacts = {
  /** The full commit id. */
  readonly commit: string;
  readonly images: readonly ReleaseImage[];
  readonly charts: readonly ReleaseChart[];
  /** The id of the migrations' git tree; absent where the procedure names no migrations. */
  readonly migrations?: string;
};

/** Digests a release: ticks, evidence and the gate "order" belong to this digest. The order of lists does not count. */
export function buildReleaseDigest(facts: ReleaseFacts): Digest {
  return buildDigest({
    commit: facts.commit,
    images: facts.images
      .map(({ name, tag, digest }) => ({ name, tag, digest }))
      .toSorted((left, right) => compare([left.name, left.tag], [right.name, right.tag])),
    charts: facts.charts
      .map(({ path, tree }) => ({ path, tree }))
      .toSorted((left, right) => compare([left.path, left.tree], [right.path, right.tree])),
    migrations: facts.migrations,
  });
}

/** The parts of a release digest. */
export function buildReleaseParts(facts: ReleaseFacts): readonly DigestPart[] {
  return sortParts([
    { part: 'commit', name: '', value: facts.commit },
    ...facts.images.map(
      ({ name, tag, digest }): DigestPart => ({ part: 'image', name, value: `${tag}@${digest}` }),
    ),
    ...facts.charts.map(({ path, tree }): DigestPart => ({ part: 'chart', name: path, value: tree })),
    ...(facts.migrations === undefined
      ? []
      : [{ part: 'migrations', name: '', value: facts.migrations } as const]),
  ]);
}

// By code units: the language of the machine must not change a digest.
function compare(left: readonly string[], right: readonly string[]): number {
  const [a, b] = [JSON.stringify(left), JSON.stringify(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}
