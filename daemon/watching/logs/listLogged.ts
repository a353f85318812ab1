import type { ContainerFacts, PodFacts } from '../../model/podFacts.ts';

/** The containers of a pod that have a log: its own, and what people have added to look at it. */
export function listLogged(pod: PodFacts): readonly ContainerFacts[] {
  return [...pod.containers, ...(pod.debugContainers ?? [])];
}

/** The container of that name. */
export function findLogged(pod: PodFacts | undefined, name: string): ContainerFacts | undefined {
  return pod && listLogged(pod).find(container => container.name === name);
}
