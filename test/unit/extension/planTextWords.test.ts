import assert from 'node:assert/strict';
import { buildPlanTextTitle } from '../../../extension/planTextWords.ts';
import { fillIn } from '../../../extension/words.ts';
import { aPlan } from '../../builders/plan.ts';

describe('the sides of a plan\u2019s diffs', () => {
  it('P-16q are called in words', () => {
    const sides = ['storedManifest', 'newManifest', 'liveObjects', 'appliedObjects'] as const;
    assert.deepEqual(
      sides.map(side => buildPlanTextTitle(side, aPlan(), fillIn)),
      [
        'Helm\u2019s manifest of staging',
        'Manifest of v2.1.0 for staging',
        'Live cluster of staging',
        'Live cluster of staging with v2.1.0',
      ],
    );
  });
});
