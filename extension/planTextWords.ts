import type { Params } from '../daemon/protocol/messages.ts';
import type { Plan } from '../daemon/protocol/plan.ts';
import type { Translate } from './words.ts';

/** What one side of a plan's diffs is called: in the window's title, and to a screen reader. */
export function buildPlanTextTitle(
  text: Params<'plan.readText'>['text'],
  { target, release }: Pick<Plan, 'target' | 'release'>,
  t: Translate,
): string {
  const { environment } = target;
  switch (text) {
    case 'storedManifest':
      return t('Helm\u2019s manifest of {0}', environment);
    case 'newManifest':
      return t('Manifest of {0} for {1}', release.version, environment);
    case 'liveObjects':
      return t('Live cluster of {0}', environment);
    case 'appliedObjects':
      return t('Live cluster of {0} with {1}', environment, release.version);
  }
}
