import { BoundedMap } from '../../model/boundedMap.ts';
import { type Clone, cleanPath, readIds } from './clone.ts';

/** How many ids are remembered. */
const keptIds = 2_000;

/** The git ids of what stands at paths of commits, remembered: what a commit holds never changes, and git takes its time. */
export class CommitIds {
  /** By commit and path; those that were asked for last come last. */
  readonly #known = new BoundedMap<string, string>(keptIds);

  /** The ids by the paths as given, of a commit named by its full id; `missing` where nothing stands. */
  async read(
    clone: Clone,
    commit: string,
    paths: readonly string[],
  ): Promise<Readonly<Record<string, string>>> {
    const keyOf = (path: string) => `${commit} ${cleanPath(path)}`;
    const known = new Map(paths.map(path => [path, this.#known.get(keyOf(path))]));
    const unknown = paths.filter(path => known.get(path) === undefined);
    const found = unknown.length === 0 ? {} : await readIds(clone, commit, unknown);
    return Object.fromEntries(
      paths.map(path => {
        const id = known.get(path) ?? found[path] ?? 'missing';
        this.#known.set(keyOf(path), id);
        return [path, id];
      }),
    );
  }
}
