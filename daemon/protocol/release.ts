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
  /** Fetches tags from the local repository and its origin again. */
  'release.refresh': request(
    z.object({ repositoryId: z.string() }),
    z.object({ releases: z.array(releaseSchema) }),
  ),
  /** Takes a moved tag's new commit as right. */
  'release.acceptMovedTag': request(
    z.object({ repositoryId: z.string(), version: z.string(), commit: z.string() }),
    z.object({ releases: z.array(releaseSchema) }),
  ),
};
