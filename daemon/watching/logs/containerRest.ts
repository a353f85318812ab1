import type { ContainerFacts, PodFacts } from '../../model/podFacts.ts';
import { describeContainerEnd } from '../../model/podFailure.ts';

/** How a container rests of whose log everything has been read. */
export type ContainerRest = {
  readonly state: 'ended' | 'waiting';
  readonly reason: string | undefined;
  /** True when nothing can come any more. */
  readonly isFinal: boolean;
};

/** Decides whether a container that does not run may yet be restarted. */
export function decideRest(pod: PodFacts, container: ContainerFacts): ContainerRest {
  const { init, state } = container;
  // What people add to look at a pod is never restarted.
  const isAdded = pod.debugContainers?.some(({ name }) => name === container.name) ?? false;
  const isFinal =
    pod.phase === 'Succeeded' || pod.phase === 'Failed' || (isAdded && state.type === 'terminated');
  // The cluster may start such a container again with its pod, so it is not final.
  const isDone = init && state.type === 'terminated' && state.end.exitCode === 0;
  return { state: isFinal || isDone ? 'ended' : 'waiting', reason: describeWaiting(container), isFinal };
}

/** What a container waits for, or how it ended; absent while it runs. */
export function describeWaiting({ state }: ContainerFacts): string | undefined {
  switch (state.type) {
    case 'waiting':
      return state.message ?? (state.reason || undefined);
    case 'terminated':
      return describeContainerEnd(state.end);
    case 'running':
      return undefined;
  }
}
