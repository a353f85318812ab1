import assert from 'node:assert/strict';
import { SlipwayError } from '../../../../daemon/protocol/errors.ts';
import { buildLineMatcher, longestForRegex } from '../../../../daemon/watching/logs/lineMatcher.ts';

const isInvalid = (error: unknown) => error instanceof SlipwayError && error.code === 'invalidPattern';

describe('a pattern', () => {
  it('is looked for as it is, or as a regular expression, with and without regard to case', () => {
    const found = (text: string, regex: boolean, matchCase: boolean) =>
      buildLineMatcher({ text, regex, matchCase })('GET /api/Agents (200)');
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
    assert.equal(buildLineMatcher({ text: 'ERROR x', regex: false, matchCase: true })(line), true);
    assert.equal(buildLineMatcher({ text: '^ERROR x$', regex: true, matchCase: true })(line), true);
    assert.equal(buildLineMatcher({ text: '[31m', regex: false, matchCase: true })(line), false);
  });

  it('that is no regular expression is refused with the reason', () => {
    assert.throws(() => buildLineMatcher({ text: '(a', regex: true, matchCase: true }), isInvalid);
  });

  it('as plain text sees a line of a megabyte whole, as a regular expression its beginning', () => {
    const line = `${'a'.repeat(1_000_000)}end`;
    assert.equal(buildLineMatcher({ text: 'end', regex: false, matchCase: false })(line), true);
    assert.equal(buildLineMatcher({ text: 'end', regex: true, matchCase: false })(line), false);
    assert.ok(longestForRegex < line.length);
  });
});
