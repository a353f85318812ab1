import { buildReadRefsRun, buildRemoteRefsRun, type RefIds } from '../../tools/git/cloneRuns.ts';
import { cloneRefs, runInClone } from './clone.ts';
import type { FreshClone } from './clones.ts';
import { describeGitProblem } from './describeGitProblem.ts';
import type { Repository } from './findRepository.ts';

/** The refs on which a promotion depends, by their short names. */
export type WantedRefs = {
  /** Branches of the origin that policy comes from. */
  readonly originBranches: readonly string[];
  /** Local branches that policy comes from, where nothing else governs. */
  readonly localBranches: readonly string[];
  readonly originTags: readonly string[];
  readonly localTags: readonly string[];
};

/** Which of a clone's sources have moved on since it was refreshed. */
export type Behind = {
  readonly local: boolean;
  readonly origin: boolean;
  /** Why the origin could not be asked; then nobody knows whether it has moved on. */
  readonly problem?: string;
};

/** How long the origin may take to answer, in milliseconds. */
const originMs = 5_000;

/** Asks the user's repository and its origin whether the wanted refs lead elsewhere than in the clone; copies nothing. */
export async function findBehind(
  fresh: FreshClone,
  repository: Repository,
  wanted: WantedRefs,
): Promise<Behind> {
  const [local, origin] = await Promise.all([
    isLocalBehind(fresh, repository, wanted),
    findOrigin(fresh, wanted),
  ]);
  return { local, ...origin };
}

async function isLocalBehind(
  fresh: FreshClone,
  repository: Repository,
  { localBranches, localTags }: WantedRefs,
): Promise<boolean> {
  const places = [
    ...localBranches.map(name => [`refs/heads/${name}`, `${cloneRefs.localHeads}${name}`] as const),
    ...localTags.map(name => [`refs/tags/${name}`, `${cloneRefs.localTags}${name}`] as const),
  ];
  if (places.length === 0) {
    return false;
  }
  const [theirs, ours] = await Promise.all([
    runInClone(
      fresh.clone,
      buildRemoteRefsRun(
        repository.folder,
        places.map(([name]) => name),
      ),
    ),
    readOwnRefs(
      fresh,
      places.map(([, name]) => name),
    ),
  ]);
  return differ(places, theirs.ids, ours);
}

async function findOrigin(
  fresh: FreshClone,
  { originBranches, originTags }: WantedRefs,
): Promise<Pick<Behind, 'origin' | 'problem'>> {
  const { clone, origin } = fresh;
  if (!origin) {
    return { origin: false };
  }
  const places = [
    ...originBranches.map(name => [`refs/heads/${name}`, `${cloneRefs.originHeads}${name}`] as const),
    ...originTags.map(name => [`refs/tags/${name}`, `${cloneRefs.originTags}${name}`] as const),
  ];
  const names = places.map(([name]) => name);
  try {
    const [theirs, ours] = await Promise.all([
      runInClone(clone, buildRemoteRefsRun(origin.address, names), originMs),
      readOwnRefs(
        fresh,
        places.map(([, name]) => name),
      ),
    ]);
    const otherDefault = theirs.head !== undefined && theirs.head !== origin.defaultBranch;
    return { origin: origin.defaultBranch === undefined || otherDefault || differ(places, theirs.ids, ours) };
  } catch (error) {
    return { origin: false, problem: `${origin.name} could not be asked: ${describeGitProblem(error)}` };
  }
}

/** Only a refresh changes a clone, and then it is another fresh one: what was read of this one stays true. */
const ownRefs = new WeakMap<FreshClone, Map<string, Promise<RefIds>>>();

function readOwnRefs(fresh: FreshClone, names: readonly string[]): Promise<RefIds> {
  const known = ownRefs.get(fresh) ?? new Map<string, Promise<RefIds>>();
  ownRefs.set(fresh, known);
  const key = names.join(' ');
  const reading = known.get(key) ?? runInClone(fresh.clone, buildReadRefsRun(names));
  known.set(key, reading);
  reading.catch(() => known.delete(key));
  return reading;
}

function differ(places: readonly (readonly [string, string])[], theirs: RefIds, ours: RefIds): boolean {
  return places.some(([name, copy]) => theirs.get(name) !== ours.get(copy));
}
