import type { EnvironmentView } from '../protocol/environment.ts';
import type { ReleaseView } from '../protocol/release.ts';
import type { Release } from '../sources/releases/listReleases.ts';
import type { PromotionSummary } from '../store/promotions.ts';

/** Builds what the trees show of releases: how far each has got in each environment. */
export function buildReleaseViews(options: {
  readonly releases: readonly Release[];
  readonly environments: readonly EnvironmentView[];
  /** Newest first. */
  readonly summaries: readonly PromotionSummary[];
}): ReleaseView[] {
  return options.releases.map(release => ({
    ...release,
    reach: options.environments.map(environment => buildReach(release, environment, options.summaries)),
  }));
}

function buildReach(
  release: Release,
  environment: EnvironmentView,
  summaries: readonly PromotionSummary[],
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
  const last = summaries.find(
    summary =>
      summary.environment === name &&
      summary.releaseVersion === release.version &&
      (summary.state === 'succeeded' || summary.state === 'failed'),
  );
  if (!last) {
    return { environment: name, state: 'none' };
  }
  return {
    environment: name,
    state: last.state === 'succeeded' ? 'succeeded' : 'failed',
    ...(last.endedAt === undefined ? {} : { at: last.endedAt }),
  };
}
