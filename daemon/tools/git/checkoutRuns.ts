import type { ToolRun } from '../process/toolRun.ts';
import { buildGitRun } from './runGit.ts';

/** Where a commit's files are laid out. */
export type CheckoutPlace = {
  readonly gitFolder: string;
  readonly tree: string;
  /** The index file, which remembers what each file was when it was written. */
  readonly index: string;
};

/** Reads a commit's tree into the index of a checkout. */
export function buildReadTreeRun(place: CheckoutPlace, commit: string): ToolRun<void> {
  return buildCheckoutRun(place, ['read-tree', commit], () => undefined);
}

/** Writes every file of the index into the checkout. */
export function buildWriteFilesRun(place: CheckoutPlace): ToolRun<void> {
  return buildCheckoutRun(
    place,
    ['checkout-index', '--all', '--force', '--index', '--quiet'],
    () => undefined,
  );
}

/** Says whether a file of the checkout is not what was written, is gone, or was never written. */
export function buildIsAlteredRun(place: CheckoutPlace): ToolRun<boolean> {
  const args = ['ls-files', '--modified', '--deleted', '--others', '-z'];
  return buildCheckoutRun(place, args, ({ stdout }) => stdout !== '');
}

function buildCheckoutRun<T>(
  place: CheckoutPlace,
  args: readonly string[],
  parse: ToolRun<T>['parse'],
): ToolRun<T> {
  return buildGitRun(args, parse, {
    gitFolder: place.gitFolder,
    env: { GIT_WORK_TREE: place.tree, GIT_INDEX_FILE: place.index },
  });
}
