import assert from 'node:assert/strict';
import { stripEscapeSequences } from '../../../daemon/model/escapeSequences.ts';
import { measureProcessorTime } from '../../builders/measureProcessorTime.ts';

const cases: readonly (readonly [string, string, string])[] = [
  ['colours', '\u001b[1;31mred\u001b[0m and \u001b[38;2;1;2;3mmore\u001b[m', 'red and more'],
  ['a title', '\u001b]0;a title\u0007text', 'text'],
  ['a link', '\u001b]8;;https://example.org\u001b\\here\u001b]8;;\u001b\\', 'here'],
  ['cursor moves', 'a\u001b[2K\u001b[1Gb', 'ab'],
  ['a device control string', '\u001bPq#0;2;0;0;0\u001b\\x', 'x'],
  ['a character set', '\u001b(Bx', 'x'],
  ['a title without an end', 'a\u001b]0;b and the rest', 'a0;b and the rest'],
  ['a title that another one cuts off', '\u001b]0;a\u001b[31mb\u001b[0m', '0;ab'],
  ['a title without an end in its line', '\u001b]0;a\nb\u0007', '0;a\nb\u0007'],
  ['a device control string without an end', '\u001bPq and the rest', 'q and the rest'],
  ['a colour that is cut off', 'x\u001b[3', 'x3'],
  ['a character set that is cut off', 'x\u001b(', 'x('],
  ['an escape alone', 'x\u001b', 'x'],
  ['nothing', 'plain [31m text', 'plain [31m text'],
];

describe('escape sequences', () => {
  for (const [what, text, expected] of cases) {
    it(`are taken out: ${what}`, () => {
      assert.equal(stripEscapeSequences(text), expected);
    });
  }

  it('take no time that grows faster than the text', () => {
    for (const part of ['\u001b]', '\u001bP', '\u001b[1', '\u001b]0;', '\u001b ']) {
      const text = part.repeat(500_000);
      const spent = measureProcessorTime(() => stripEscapeSequences(text));
      assert.ok(spent < 1_000, `${JSON.stringify(part)}: ${spent} ms`);
    }
  });
});
