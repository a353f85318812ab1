import assert from 'node:assert/strict';
import { SlipwayError } from '../../../../daemon/protocol/errors.ts';
import { buildLineMatcher } from '../../../../daemon/watching/logs/lineMatcher.ts';
import { runSlice } from '../../../../daemon/watching/logs/runSlice.ts';
import { measureProcessorTime } from '../../../builders/measureProcessorTime.ts';

const isInvalid = (error: unknown) => error instanceof SlipwayError && error.code === 'invalidPattern';

describe('lines that are tested one after the other', () => {
  it('are tried for a few milliseconds at a time', () => {
    let next = 0;
    const spent = measureProcessorTime(() => {
      next = runSlice(1_000_000, () => spend(0.1), { isGuarded: true });
    });
    assert.ok(next < 1_000_000 && next > 0);
    assert.ok(spent < 60, `${spent} ms`);
  });

  it('P-07s are given up where a regular expression needs too long for one, and nothing waits for it', () => {
    const test = buildLineMatcher({ text: '^(a+)+$', regex: true, matchCase: true });
    const lines = ['aaa', 'b', `${'a'.repeat(40)}b`, 'aaa'];
    const look = () =>
      runSlice(lines.length, index => test(lines[index] ?? '') && false, { isGuarded: true });
    const spent = measureProcessorTime(() => assert.throws(look, isInvalid));
    assert.ok(spent < 1_000, `${spent} ms`);
  });
});

function spend(milliseconds: number): false {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    // Nothing.
  }
  return false;
}
