import assert from 'node:assert/strict';
import {
  adaptBefore,
  planRead,
  type ReadState,
  readSizes,
} from '../../../../webview/logs/reading/planRead.ts';

/** Somebody in the middle of a million lines. */
const middle: ReadState = {
  total: 1_000_000,
  first: 0,
  start: 400_000,
  end: 450_000,
  top: 425_000,
  bottom: 425_040,
  following: false,
  before: readSizes.step,
};
const following: ReadState = {
  ...middle,
  start: 990_000,
  end: 1_000_000,
  top: 999_960,
  bottom: 999_999,
  following: true,
};

describe('what is asked of the daemon next', () => {
  it('is nothing while the screen is far from both ends of what is held', () => {
    assert.equal(planRead(middle), undefined);
  });

  it('P-07f is the neighbouring part when the screen nears an end', () => {
    assert.deepEqual(planRead({ ...middle, top: 401_000 }), {
      kind: 'prepend',
      from: 395_000,
      limit: 5_000,
      wait: false,
      skipped: 0,
    });
    assert.deepEqual(planRead({ ...middle, top: 448_960, bottom: 449_000 }), {
      kind: 'append',
      from: 450_000,
      limit: 5_000,
      wait: false,
      skipped: 0,
    });
  });

  it('is the surroundings of a place that is jumped to', () => {
    assert.deepEqual(planRead({ ...middle, goal: 10 }), {
      kind: 'replace',
      from: 0,
      limit: 2_000,
      wait: false,
      skipped: 0,
    });
  });

  it('waits for what comes while it follows', () => {
    assert.deepEqual(planRead(following), {
      kind: 'append',
      from: 1_000_000,
      limit: 5_000,
      wait: true,
      skipped: 0,
    });
  });

  it('P-07h skips to the end when it is too far behind, and counts what it passes over', () => {
    const plan = planRead({ ...following, total: 1_150_000 });
    assert.deepEqual(plan, {
      kind: 'replace',
      from: 1_149_000,
      limit: 2_000,
      wait: false,
      skipped: 149_000,
    });
    assert.equal(planRead({ ...following, total: 1_005_000 })?.kind, 'append');
  });

  it('never asks for entries that have made way', () => {
    assert.equal(planRead({ ...middle, first: 400_000, top: 400_010 }), undefined);
    assert.equal(planRead({ ...following, first: 1_200_000, total: 1_300_000 })?.from, 1_299_000);
    assert.equal(planRead({ ...following, first: 1_299_900, total: 1_300_000 })?.from, 1_299_900);
  });

  it('asks for no more than a batch had room for when long lines come before the first', () => {
    assert.deepEqual(planRead({ ...middle, top: 400_000, before: 3 }), {
      kind: 'prepend',
      from: 399_997,
      limit: 3,
      wait: false,
      skipped: 0,
    });
  });

  it('asks for fewer rows before the first after a batch that did not reach them, and for more as long as all come', () => {
    assert.equal(adaptBefore(5_000, { limit: 5_000, got: 100, fits: false }), 80);
    assert.equal(adaptBefore(5_000, { limit: 5_000, got: 0, fits: false }), 1);
    assert.equal(adaptBefore(80, { limit: 80, got: 80, fits: true }), 84);
    assert.equal(adaptBefore(4_990, { limit: 4_990, got: 4_990, fits: true }), readSizes.step);
  });

  it('begins with an empty log', () => {
    const empty = { ...following, total: 0, start: 0, end: 0, top: 0, bottom: 0 };
    assert.deepEqual(planRead(empty), { kind: 'append', from: 0, limit: 5_000, wait: true, skipped: 0 });
  });
});
