import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  appendRows,
  buildEmptyWindow,
  followedLimits,
  type LogWindow,
  prependRows,
  readEnd,
  readLastRows,
  readRow,
  trimBack,
  trimFront,
} from '../../../../webview/logs/document/logWindow.ts';
import { readSizes } from '../../../../webview/logs/reading/planRead.ts';

const limits = { rows: 5_000, characters: 60_000 };

/** Rows that say which place they are from. */
function rows(from: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `row ${from + index}`);
}

describe('what the page holds of a log', () => {
  it('finds each row by its index', () => {
    const window = prependRows(
      appendRows(appendRows(buildEmptyWindow(100), rows(100, 3)), rows(103, 2)),
      rows(98, 2),
    );
    assert.equal(window.start, 98);
    assert.equal(readEnd(window), 105);
    assert.deepEqual(
      Array.from({ length: 8 }, (_, index) => readRow(window, index)),
      [...rows(98, 7), undefined],
    );
  });

  it('gives the last rows, over as many of its parts as it takes', () => {
    const window = prependRows(
      prependRows(appendRows(buildEmptyWindow(100), rows(100, 3)), rows(98, 2)),
      rows(97, 1),
    );
    assert.deepEqual(readLastRows(window, 2), rows(101, 2));
    assert.deepEqual(readLastRows(window, 4), rows(99, 4));
    assert.deepEqual(readLastRows(window, 6), rows(97, 6));
    assert.deepEqual(readLastRows(window, 40), rows(97, 6));
    assert.deepEqual(readLastRows(buildEmptyWindow(0), 40), []);
  });

  it('P-07g stays within its limits and never loses a row that is on the screen', () => {
    const step = fc.record({
      side: fc.constantFrom('front', 'back'),
      count: fc.integer({ min: 1, max: 3_000 }),
      /** How far the screen is from the side that is loaded: a page loads what is near. */
      near: fc.integer({ min: 0, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), steps => {
        let window: LogWindow = appendRows(buildEmptyWindow(1_000_000), rows(1_000_000, 100));
        for (const { side, count, near } of steps) {
          const away = Math.min(near, window.size - 40);
          const top = side === 'back' ? readEnd(window) - 40 - away : window.start + away;
          if (side === 'back') {
            window = trimFront(appendRows(window, rows(readEnd(window), count)), limits, top).window;
          } else {
            const added = prependRows(window, rows(window.start - count, count));
            window = trimBack(added, limits, top + 40).window;
          }
          assert.ok(window.start <= top && readEnd(window) >= top + 40);
          assert.equal(readRow(window, top - window.start), `row ${top}`);
          assert.equal(readRow(window, window.size - 1), `row ${readEnd(window) - 1}`);
          assert.ok(window.size <= limits.rows + 6_000, `${window.size} rows are held`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('P-07g holds a few thousand rows of a log that is followed, and never so few that more are wanted', () => {
    const step = fc.record({
      side: fc.constantFrom('front', 'back', 'back', 'back'),
      count: fc.integer({ min: 1, max: readSizes.step }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), steps => {
        let window = appendRows(buildEmptyWindow(1_000_000), rows(1_000_000, 1_000));
        for (const { side, count } of steps) {
          const before = window;
          if (side === 'front') {
            window = prependRows(window, rows(window.start - count, count));
          } else {
            const added = appendRows(window, rows(readEnd(window), count));
            window = trimFront(added, followedLimits, readEnd(before) - 40).window;
            assert.ok(window.size <= Math.max(followedLimits.rows, count + 2_040), `${window.size} are held`);
            assert.ok(window.size === added.size || window.size > readSizes.near + 500);
          }
          assert.equal(readRow(window, 0), `row ${window.start}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('P-07g lets rows go by their characters too', () => {
    const long = Array.from({ length: 10 }, () => 'x'.repeat(20_000));
    let window = buildEmptyWindow(0);
    for (let step = 0; step < 10; step += 1) {
      const added = { ...appendRows(window, long) };
      window = trimFront(added, { rows: 100_000, characters: 500_000 }, readEnd(added)).window;
    }
    assert.ok(window.characters <= 700_000, `${window.characters} characters`);
    assert.equal(readEnd(window), 100);
  });
});
