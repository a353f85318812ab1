import assert from 'node:assert/strict';
import { readTarget } from '../../../../extension/state/itemTarget.ts';
import { readFailure } from '../../../../extension/state/readFailure.ts';

describe('what a command is about', () => {
  it('comes from a row of a tree', () => {
    assert.deepEqual(readTarget({ target: { repositoryId: 'r', release: 'v2.1.0' } }), {
      repositoryId: 'r',
      release: 'v2.1.0',
    });
  });

  it('comes from the argument itself', () => {
    assert.deepEqual(readTarget({ planId: 'p-1' }), { planId: 'p-1' });
  });

  it('comes from the document of a plan, and from either side of its diffs', () => {
    assert.deepEqual(readTarget({ scheme: 'slipway-plan', path: '/Plan.md', query: 'p-1' }), {
      planId: 'p-1',
    });
    assert.deepEqual(readTarget({ scheme: 'slipway-plan-text', path: '/a.yaml', query: 'p-1/newManifest' }), {
      planId: 'p-1',
    });
    assert.deepEqual(readTarget({ scheme: 'file', path: '/slipway.yaml', query: 'p-1' }), {});
  });

  it('is nothing for anything else', () => {
    for (const argument of [undefined, null, 'production', 7, [], { planId: 7 }, { target: 'x' }]) {
      assert.deepEqual(readTarget(argument), {});
    }
  });
});

describe('a failure', () => {
  it('carries the code, what to do next and the facts of an error of ours', () => {
    const error = Object.assign(new Error('helm is missing'), {
      code: 'toolMissing',
      next: 'Install it.',
      details: { tool: 'helm' },
    });
    assert.deepEqual(readFailure(error), {
      code: 'toolMissing',
      message: 'helm is missing',
      next: 'Install it.',
      details: { tool: 'helm' },
    });
  });

  it('is internal for everything else', () => {
    assert.deepEqual(readFailure(new TypeError('x is undefined')), {
      code: 'internal',
      message: 'x is undefined',
      details: {},
    });
    assert.equal(readFailure('a text').message, 'a text');
  });
});
