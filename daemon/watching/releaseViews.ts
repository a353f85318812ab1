import type { EnvironmentView } from '../protocol/environment.ts';
import type { ReleaseView } from '../protocol/release.ts';
import type { Release } from '../sources/releases/listReleases.ts';
import type { PromotionSummary } from '../store/promotions.ts';

/** How many of the newest releases a view holds, and how many of those whose tag was moved. */
const shown = { newest: 50, moved: 20 } as const;

/**
 * The releases that a view holds, in their order: the newest, those that run somewhere, and those whose tag was moved. A
 * repository may have thousands, and a view is sent at every change.
 */
export function pickShownReleases(
  releases: readonly Release[],
  environments: readonly EnvironmentView[],
): readonly Release[] {
  const running = new Set(environments.flatMap(({ running }) => running.map(({ version }) => version)));
  const moved = releases.filter(({ movedFrom }) => movedFrom !== undefined).slice(0, shown.moved);
  const special = new Set([...moved, ...releases.filter(({ version }) => running.has(version))]);
  return releases.filter((release, index) => index < shown.newest || special.has(release));
}

/** The releases that hold every word of a text in version, subject, author or commit; all for an empty text. */
export function findReleases(releases: readonly Release[], text: string): readonly Release[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '');
  return words.length === 0
    ? releases
    : releases.filter(({ version, subject, author, commit }) => {
        const held = [version, subject, author, commit].join('\n').toLowerCase();
        return words.every(word => held.includes(word));
      });
}

/** Builds what windows show of releases: how far each has got in each environment. */
export function buildReleaseViews(options: {
  readonly releases: readonly Release[];
  readonly environments: readonly EnvironmentView[];
  /** Newest first. */
  readonly summaries: readonly PromotionSummary[];
}): ReleaseView[] {
  const { releases, environments, summaries } = options;
  const last = findLast(summaries);
  return releases.map(release => ({
    ...release,
    reach: environments.map(environment =>
      buildReach(release, environment, last.get(buildKey(environment.name, release.version))),
    ),
  }));
}

/** The last promotion of each release to each environment that came to an end. */
function findLast(summaries: readonly PromotionSummary[]): ReadonlyMap<string, PromotionSummary> {
  const last = new Map<string, PromotionSummary>();
  for (const summary of summaries) {
    const key = buildKey(summary.environment, summary.releaseVersion);
    if (!last.has(key) && (summary.state === 'succeeded' || summary.state === 'failed')) {
      last.set(key, summary);
    }
  }
  return last;
}

function buildKey(environment: string, version: string): string {
  return `${environment}\n${version}`;
}

function buildReach(
  release: Release,
  environment: EnvironmentView,
  last: PromotionSummary | undefined,
): ReleaseView['reach'][number] {
  const { name } = environment;
  const running = environment.running.find(({ version }) => version === release.version);
  if (running) {
    return {
      environment: name,
      state: 'running',
      ...(running.since === undefined ? {} : { at: running.since }),
    };
  }
  if (!last) {
    return { environment: name, state: 'none' };
  }
  return {
    environment: name,
    state: last.state === 'succeeded' ? 'succeeded' : 'failed',
    ...(last.endedAt === undefined ? {} : { at: last.endedAt }),
  };
}
