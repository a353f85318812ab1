import type { RepositoryView } from '../daemon/protocol/repository.ts';
import type { Translate } from './words.ts';

type Misplaced = NonNullable<RepositoryView['misplaced']>;

/** Says where a file was found that was meant as the procedure, and what to do with it. */
export function describeMisplaced(
  { path, kind }: Misplaced,
  t: Translate,
): { readonly sentence: string; readonly next: string } {
  return {
    sentence: t(
      'There is no slipway.yaml at the root of this repository; there is {0}, which Slipway does not read.',
      path,
    ),
    next:
      kind === 'name'
        ? t('Rename it to slipway.yaml.')
        : t('Move it to the root, as slipway.yaml; its paths count from there.'),
  };
}

/** The same, short enough for a row. */
export function labelMisplaced({ path, kind }: Misplaced, t: Translate): string {
  return kind === 'name'
    ? t('{0} is not read: rename it to slipway.yaml', path)
    : t('{0} is not read: move it to the root of the repository', path);
}
