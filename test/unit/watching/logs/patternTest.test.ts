import assert from 'node:assert/strict';
import { SlipwayError } from '../../../../daemon/protocol/errors.ts';
import { buildPatternTest, longestForRegex, runSlice } from '../../../../daemon/watching/logs/patternTest.ts';
import { measureProcessorTime } from '../../../builders/measureProcessorTime.ts';

const isInvalid = (error: unknown) => error instanceof SlipwayError && error.code === 'invalidPattern';

describe('a pattern', () => {
  it('is looked for as it is, or as a regular expression, with and without regard to case', () => {
    const found = (text: string, regex: boolean, matchCase: boolean) =>
      buildPatternTest({ text, regex, matchCase })('GET /api/Agents (200)');
    assert.equal(found('agents (', false, false), true);
    assert.equal(found('agents (', false, true), false);
    assert.equal(found('Agents (', false, true), true);
    assert.equal(found('agents.\\(2\\d\\d\\)$', true, false), true);
    assert.equal(found('agents', true, true), false);
    // What people write and "u" does not allow.
    assert.equal(found('\\/api\\-?', true, true), true);
  });

  it('does not see colours', () => {
    const line = '\u001b[31mER\u001b[1mROR\u001b[0m x';
    assert.equal(buildPatternTest({ text: 'ERROR x', regex: false, matchCase: true })(line), true);
    assert.equal(buildPatternTest({ text: '^ERROR x$', regex: true, matchCase: true })(line), true);
    assert.equal(buildPatternTest({ text: '[31m', regex: false, matchCase: true })(line), false);
  });

  it('that is no regular expression is refused with the reason', () => {
    assert.throws(() => buildPatternTest({ text: '(a', regex: true, matchCase: true }), isInvalid);
  });

  it('as plain text sees a line of a megabyte whole, as a regular expression its beginning', () => {
    const line = `${'a'.repeat(1_000_000)}end`;
    assert.equal(buildPatternTest({ text: 'end', regex: false, matchCase: false })(line), true);
    assert.equal(buildPatternTest({ text: 'end', regex: true, matchCase: false })(line), false);
    assert.ok(longestForRegex < line.length);
  });

  it('P-07s that needs too long is cut off and refused, and nothing waits for it', () => {
    const test = buildPatternTest({ text: '^(a+)+$', regex: true, matchCase: true });
    const lines = ['aaa', 'b', `${'a'.repeat(40)}b`, 'aaa'];
    const look = () =>
      runSlice(lines.length, index => test(lines[index] ?? '') && false, { isGuarded: true });
    const spent = measureProcessorTime(() => assert.throws(look, isInvalid));
    assert.ok(spent < 1_000, `${spent} ms`);
  });

  it('is tried for a few milliseconds at a time', () => {
    let next = 0;
    const spent = measureProcessorTime(() => {
      next = runSlice(1_000_000, () => spend(0.1), { isGuarded: true });
    });
    assert.ok(next < 1_000_000 && next > 0);
    assert.ok(spent < 60, `${spent} ms`);
  });
});

function spend(milliseconds: number): false {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    // Nothing.
  }
  return false;
}
