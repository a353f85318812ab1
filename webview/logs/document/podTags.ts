import type { LogSource } from '../../../daemon/protocol/log.ts';

/** The colours that pods take in turn. */
export const podColors = [
  'charts-blue',
  'charts-green',
  'charts-purple',
  'charts-orange',
  'terminal-ansiCyan',
  'terminal-ansiMagenta',
  'charts-yellow',
  'charts-red',
] as const;

/** How the lines of a source are told from those of others. */
export type PodTag = {
  /** The shortest name that is not another's; empty where there is only one source. */
  readonly label: string;
  /** Which of the pods' colours. */
  readonly color: number;
  /** Pod and container in full. */
  readonly title: string;
};

/** Builds the tag of each source by its id. Pods get colours in the order in which they joined, and keep them. */
export function buildPodTags(sources: readonly LogSource[]): ReadonlyMap<number, PodTag> {
  const pods = new Map<string, string>();
  for (const { podUid, pod } of sources) {
    pods.set(podUid, pod);
  }
  const names = buildShortNames([...pods.values()]);
  const containers = new Set(sources.map(({ container }) => container));
  const order = [...pods.keys()];
  return new Map(
    sources.map(({ id, pod, podUid, container }) => [
      id,
      {
        label: [
          ...(pods.size > 1 ? [names.get(pod) ?? pod] : []),
          ...(containers.size > 1 ? [container] : []),
        ].join('/'),
        color: order.indexOf(podUid) % podColors.length,
        title: `${pod}/${container}`,
      },
    ]),
  );
}

/** The last part of each name, with as many parts before it as it takes to tell them apart. */
function buildShortNames(names: readonly string[]): ReadonlyMap<string, string> {
  const distinct = [...new Set(names)];
  const longest = Math.max(0, ...distinct.map(name => name.split('-').length));
  for (let parts = 1; parts < longest; parts += 1) {
    const short = new Map(distinct.map(name => [name, name.split('-').slice(-parts).join('-')]));
    if (new Set(short.values()).size === distinct.length) {
      return short;
    }
  }
  return new Map(distinct.map(name => [name, name]));
}
