import type { ContainerFacts, ContainerRun } from '../../model/podFacts.ts';

/** A run of a container whose log is read, and how far that is. */
export type FollowedRun = ContainerRun & {
  /** How often the container had been restarted when it was seen to run. */
  restarts: number;
  /** The container was restarted since, as its logs show; the cluster may not say so yet. */
  isOver: boolean;
  /** Everything that it wrote has been read. */
  isRead: boolean;
};

/** A run of which nothing has been read yet. */
export function buildFollowedRun(run: ContainerRun, { restarts }: ContainerFacts): FollowedRun {
  return { ...run, restarts, isOver: false, isRead: false };
}
