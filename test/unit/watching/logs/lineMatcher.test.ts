import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stripEscapeSequences } from '../../../../daemon/model/escapeSequences.ts';
import { SlipwayError } from '../../../../daemon/protocol/errors.ts';
import { buildReadable } from '../../../../daemon/protocol/readableJson.ts';
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

  it('P-05h P-05i fits a line of JSON as it is written and as a page shows it, where that is wanted', () => {
    const line = '{"level":"warn","msg":"slow \\"query\\"","ms":1204,"at":{"b":1}}';
    const found = (text: string, options: { readonly regex?: boolean; readonly readable?: boolean }) =>
      buildLineMatcher({ text, regex: false, matchCase: true, readable: true, ...options })(line);
    for (const text of ['WARN  slow "query" ms=1204', '"ms":1204', 'ms=1204 at={"b":1}']) {
      assert.equal(found(text, {}), true, text);
    }
    assert.equal(found('^WARN +slow .* ms=\\d+', { regex: true }), true);
    assert.equal(found('"ms":\\d+', { regex: true }), true);
    assert.equal(found('ms=1204', { readable: false }), false);
    assert.equal(found('^slow', { regex: true }), false);
    // What spans the two is in neither.
    assert.equal(found('"ms"=1204', {}), false);
  });

  it('P-05h P-05i fits every part of what a page shows of any line of JSON', () => {
    const keys = fc.constantFrom('level', 'msg', 'time', 'id', 'a b', 'schl\u00fcssel', 'x"y');
    const values = fc.oneof(
      fc.constantFrom(
        'info',
        'stra\u00dfe',
        '\u0131nfo',
        30,
        50,
        'a\nb',
        'tab\tand "quote"',
        'esc\u001b[1mape',
      ),
      fc.jsonValue(),
    );
    const object = fc.dictionary(keys, values, { minKeys: 1 });
    fc.assert(
      fc.property(object, fc.nat(), fc.nat(), fc.boolean(), (written, from, length, matchCase) => {
        const line = JSON.stringify(written);
        const shown = stripEscapeSequences((buildReadable(line) ?? []).map(({ text }) => text).join(''));
        const start = from % Math.max(1, shown.length);
        const text = shown.slice(start, start + 1 + (length % 12));
        assert.ok(buildLineMatcher({ text, regex: false, matchCase, readable: true })(line), text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('P-05h fits a line of JSON that a page cuts short only as it is written', () => {
    const fits = buildLineMatcher({ text: 'tries=3', regex: false, matchCase: true, readable: true });
    const line = (filler: number) => `{"msg":"${'x'.repeat(filler)}","tries":3}`;
    assert.equal(fits(line(8_000)), true);
    assert.equal(fits(line(9_000)), false);
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
