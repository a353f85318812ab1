import { buildListRefsRun, buildListTagsRun, type Tag } from '../../tools/git/historyRuns.ts';
import { type Clone, cloneRefs, resolveCommit, runInClone } from './clone.ts';
import { sortReleases } from './sortReleases.ts';

/** A release from a git tag. */
export type Release = {
  readonly version: string;
  readonly tag: string;
  /** The full commit id; the origin's where both have the tag. */
  readonly commit: string;
  readonly author: string;
  /** When it was tagged, as an ISO time in UTC. */
  readonly date: string;
  readonly subject: string;
  readonly origin: 'local' | 'origin' | 'both';
  /** The commit that Slipway saw first; a release with it must not be promoted until a person accepts the move. */
  readonly movedFrom?: string;
};

/** Where tags pointed when they were first seen; the store keeps it. */
export type SeenTags = {
  list(): readonly SeenTag[];
  /** Keeps those not seen before, and answers every seen tag. */
  see(tags: readonly SeenTag[]): readonly SeenTag[];
};

type SeenTag = { readonly tag: string; readonly commit: string };

/** The releases of a repository, newest first, and sentences about tags that are none. */
export type ReleaseList = { readonly releases: readonly Release[]; readonly notices: readonly string[] };

/** Lists the releases in a clone: the tags that fit the procedure's glob, local ones and the origin's. */
export async function listReleases(
  clone: Clone,
  options: { readonly glob: string; readonly seen: SeenTags; readonly withOrigin: boolean },
): Promise<ReleaseList> {
  const prefixes = options.withOrigin ? [cloneRefs.localTags, cloneRefs.originTags] : [cloneRefs.localTags];
  const [local, origin, deeper] = await Promise.all([
    readTags(clone, cloneRefs.localTags, options.glob),
    options.withOrigin ? readTags(clone, cloneRefs.originTags, options.glob) : [],
    readDeeperTags(clone, prefixes, options.glob),
  ]);
  const candidates = buildCandidates(local, origin);
  const misfits = candidates.length + deeper.length === 0 ? await readMisfits(clone, prefixes) : [];
  const usable = candidates.filter(candidate => isVersion(candidate.tag) && candidate.commit !== '');
  const releases = markMoved(usable, options.seen);
  const notices = [
    ...buildNotices(candidates, releases),
    ...tellDeeper(deeper, options.glob),
    ...tellMisfits(misfits, options.glob),
  ];
  return { releases: sortReleases(releases), notices };
}

async function readTags(clone: Clone, prefix: string, glob: string): Promise<readonly Tag[]> {
  const tags = await runInClone(clone, buildListTagsRun(prefix, glob));
  // Before git 2.45 a tag of a tag is peeled once only.
  return Promise.all(
    tags.map(async tag => {
      const commit = tag.commit ?? (await resolveCommit(clone, `${prefix}${tag.name}`));
      return { ...tag, ...(commit === undefined ? {} : { commit }) };
    }),
  );
}

/** The names of the tags that a glob leaves out since its last `*` stops at a `/`, where it seems to mean all of them. */
async function readDeeperTags(
  clone: Clone,
  prefixes: readonly string[],
  glob: string,
): Promise<readonly string[]> {
  if (!/(?:^|\/)\*$/.test(glob)) {
    return [];
  }
  const names = await Promise.all(
    prefixes.map(async prefix => {
      const refs = await runInClone(clone, buildListRefsRun(`${prefix}${glob}/**`));
      return refs.map(ref => ref.slice(prefix.length));
    }),
  );
  return [...new Set(names.flat())].toSorted();
}

/** The names of all tags, where none fits: a pattern that fits nothing looks like a repository without any. */
async function readMisfits(clone: Clone, prefixes: readonly string[]): Promise<readonly string[]> {
  const names = await Promise.all(
    prefixes.map(async prefix =>
      (await runInClone(clone, buildListRefsRun(prefix))).map(ref => ref.slice(prefix.length)),
    ),
  );
  return [...new Set(names.flat())].toSorted();
}

type Candidate = Omit<Release, 'movedFrom'> & { readonly localCommit?: string };

function buildCandidates(local: readonly Tag[], origin: readonly Tag[]): readonly Candidate[] {
  const localByName = new Map(local.map(tag => [tag.name, tag]));
  const originNames = new Set(origin.map(tag => tag.name));
  const build = (tag: Tag, where: Release['origin']): Candidate => {
    const localCommit = localByName.get(tag.name)?.commit;
    return {
      version: tag.name,
      tag: tag.name,
      commit: tag.commit ?? '',
      author: tag.author,
      date: tag.date,
      subject: tag.subject,
      origin: where,
      ...(localCommit === undefined ? {} : { localCommit }),
    };
  };
  return [
    ...origin.map(tag => build(tag, localByName.has(tag.name) ? 'both' : 'origin')),
    ...local.filter(tag => !originNames.has(tag.name)).map(tag => build(tag, 'local')),
  ];
}

/**
 * A tag has moved when it leads elsewhere than it did at first, or when the origin's and the local one differ the first
 * time that it is seen: then nobody can say which one was meant, and neither is kept as seen.
 */
function markMoved(candidates: readonly Candidate[], seen: SeenTags): readonly Release[] {
  const known = new Set(seen.list().map(({ tag }) => tag));
  const isTorn = (candidate: Candidate) => differs(candidate) && !known.has(candidate.tag);
  const plain = candidates.filter(candidate => !isTorn(candidate));
  const first = new Map(
    seen.see(plain.map(({ tag, commit }) => ({ tag, commit }))).map(({ tag, commit }) => [tag, commit]),
  );
  return candidates.map(candidate => {
    const { localCommit, ...release } = candidate;
    const before = isTorn(candidate) ? localCommit : first.get(release.tag);
    return before === undefined || before === release.commit ? release : { ...release, movedFrom: before };
  });
}

function differs(candidate: Candidate): boolean {
  return candidate.localCommit !== undefined && candidate.localCommit !== candidate.commit;
}

// A version becomes an image's tag and a value of helm's --set: a comma there would be a second value.
function isVersion(tag: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._+/-]*$/.test(tag);
}

function buildNotices(candidates: readonly Candidate[], releases: readonly Release[]): readonly string[] {
  const short = (commit: string) => commit.slice(0, 7);
  return [
    ...tellSome(
      releases.filter(release => release.movedFrom !== undefined),
      ({ tag, movedFrom = '', commit }) =>
        `The tag ${tag} was moved from ${short(movedFrom)} to ${short(commit)}: it cannot be promoted until somebody accepts it.`,
    ),
    ...tellSome(
      candidates.filter(differs),
      ({ tag, localCommit = '', commit }) =>
        `Your tag ${tag} leads to ${short(localCommit)}, the origin's to ${short(commit)}; the origin's counts (git fetch --tags --force takes it over).`,
    ),
    ...tellSome(
      candidates.filter(({ tag }) => !isVersion(tag)),
      ({ tag }) =>
        `The tag ${JSON.stringify(tag)} is no release: it has characters that no image tag can have.`,
    ),
    ...tellSome(
      candidates.filter(({ commit }) => commit === ''),
      ({ tag }) => `The tag ${tag} is no release: it leads to no commit.`,
    ),
  ];
}

/** One sentence for all: a repository may have a thousand of them on purpose. */
function tellDeeper(tags: readonly string[], glob: string): readonly string[] {
  const [first, last] = [tags[0], tags.at(-1)];
  const why = 'since "*" in releases.tags stops at "/"';
  if (first === undefined) {
    return [];
  }
  return tags.length === 1
    ? [`The tag ${first} is no release, ${why}. "${glob}*" takes it too.`]
    : [`${tags.length} tags are no releases, ${why}: ${first} to ${last}. "${glob}*" takes them too.`];
}

function tellMisfits(tags: readonly string[], glob: string): readonly string[] {
  const [first, last] = [tags[0], tags.at(-1)];
  if (first === undefined || last === undefined) {
    return [];
  }
  const known =
    tags.length === 1 ? `The only tag, ${first},` : `None of the ${tags.length} tags, ${first} to ${last},`;
  const fits = tags.length === 1 ? 'does not fit' : 'fits';
  return [`${known} ${fits} releases.tags of slipway.yaml (${glob}), so there is no release.`];
}

/** How many tags are told of one by one; a rewritten history moves them all. */
const mostTold = 10;

function tellSome<T extends { readonly tag: string }>(
  tags: readonly T[],
  tell: (tag: T) => string,
): readonly string[] {
  const others = tags.slice(mostTold).map(({ tag }) => tag);
  const [first, last] = [others[0], others.at(-1)];
  return [
    ...tags.slice(0, mostTold).map(tell),
    ...(first === undefined ? [] : [`The same holds for ${others.length} other tags, ${first} to ${last}.`]),
  ];
}
