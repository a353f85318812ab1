import assert from 'node:assert/strict';
import { buildFailureActions } from '../../../extension/commands/failureActions.ts';
import { requireProcedure } from '../../../extension/commands/requireProcedure.ts';
import { fillIn } from '../../../extension/words.ts';
import { aRepository, someWords } from '../../builders/views.ts';

describe('a command that needs a procedure', () => {
  it('P-09v names the file that was meant as one, says what to do, and offers to show it', () => {
    const misplaced = { path: 'slipway.yml', kind: 'name' } as const;
    const repository = aRepository({ name: 'shop', procedure: 'missing', environments: [], misplaced });
    assert.throws(() => requireProcedure(repository, someWords()), {
      code: 'misplacedProcedure',
      message:
        'There is no slipway.yaml at the root of this repository; there is slipway.yml, which Slipway does not read.',
      next: 'Rename it to slipway.yaml.',
    });
    const [first] = buildFailureActions('misplacedProcedure', fillIn);
    assert.equal(first?.command, 'slipway.openProcedure');
  });
});
