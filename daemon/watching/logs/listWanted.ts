import type { ContainerFacts, PodFacts } from '../../model/podFacts.ts';
import { listLogged } from './listLogged.ts';

/** A container of a pod whose log is wanted. */
export type WantedLog = { readonly pod: PodFacts; readonly container: ContainerFacts };

/** The containers of some pods that have one of the names; all of them where none is named. */
export function listWanted(
  pods: readonly PodFacts[],
  names: readonly string[] | undefined,
): readonly WantedLog[] {
  return pods.flatMap(pod =>
    listLogged(pod)
      .filter(({ name }) => names?.includes(name) ?? true)
      .map(container => ({ pod, container })),
  );
}

/** What has ended comes last: where there is no room for all, what runs is wanted more. */
export function sortRunningFirst(wanted: readonly WantedLog[]): readonly WantedLog[] {
  const hasEnded = ({ container }: WantedLog) => container.state.type === 'terminated';
  return [...wanted.filter(one => !hasEnded(one)), ...wanted.filter(hasEnded)];
}
