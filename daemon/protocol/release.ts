import * as z from 'zod';
import { request } from './define.ts';
import { commitSchema } from './plan.ts';

/** How far a release has got in one environment. */
const reachSchema = z.object({
  environment: z.string(),
  state: z.enum(['running', 'succeeded', 'failed', 'none']),
  at: z.exactOptional(z.string()),
});

/** A version to ship. */
export const releaseSchema = z.object({
  version: z.string(),
  tag: z.string(),
  commit: z.string(),
  author: z.string(),
  /** When it was tagged, as an ISO time in UTC. */
  date: z.string(),
  subject: z.string(),
  /** Set when the tag does not point where Slipway first saw it. */
  movedFrom: z.exactOptional(z.string()),
  /** Where the tag is known: only here, or also at the origin. */
  origin: z.enum(['local', 'origin', 'both']),
  reach: z.array(reachSchema),
});

/** A version to ship. */
export type ReleaseView = z.infer<typeof releaseSchema>;

/** The most releases that one answer holds. */
const mostReleases = 1000;

/** Requests about releases. */
export const releaseRequests = {
  /** What changed between what runs in an environment and a release. */
  'release.compare': request(
    z.object({ repositoryId: z.string(), version: z.string(), environment: z.string() }),
    z.object({
      from: z.exactOptional(z.string()),
      direction: z.enum(['forward', 'backward', 'unrelated', 'first', 'same']),
      commits: z.array(commitSchema),
      total: z.number(),
    }),
  ),
  /** The newest releases, or the newest of those that hold every word of a text; `total` counts what there is. */
  'release.list': request(
    z.object({
      repositoryId: z.string(),
      text: z.exactOptional(z.string().max(200)),
      limit: z.int().min(1).max(mostReleases),
    }),
    z.object({ releases: z.array(releaseSchema), total: z.number() }),
  ),
  /** Fetches tags from the local repository and its origin again. Answers what the view then holds. */
  'release.refresh': request(
    z.object({ repositoryId: z.string() }),
    z.object({ releases: z.array(releaseSchema), releaseCount: z.number() }),
  ),
  /** Takes a moved tag's new commit as right. Answers what the view then holds. */
  'release.acceptMovedTag': request(
    z.object({ repositoryId: z.string(), version: z.string(), commit: z.string() }),
    z.object({ releases: z.array(releaseSchema), releaseCount: z.number() }),
  ),
};
