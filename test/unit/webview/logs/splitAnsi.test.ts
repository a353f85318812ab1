import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stripEscapeSequences } from '../../../../daemon/model/escapeSequences.ts';
import { splitAnsi } from '../../../../webview/logs/document/splitAnsi.ts';
import { removeEscapes } from '../../../../webview/protocol/escapeSequences.ts';
import { measureProcessorTime } from '../../../builders/measureProcessorTime.ts';

const esc = '\u001b';

function read(text: string): readonly string[] {
  const { text: shown, marks } = splitAnsi(text);
  return marks.map(({ from, to, classes }) => `${shown.slice(from, to)}: ${classes}`);
}

describe('the escape sequences of a line', () => {
  it('P-05j become marks in the colours of the theme', () => {
    const text = `${esc}[31mred${esc}[0m ${esc}[1;92mbold green${esc}[22m green${esc}[39m plain`;
    assert.equal(splitAnsi(text).text, 'red bold green green plain');
    assert.deepEqual(read(text), ['red: ansi-1', 'bold green: ansi-10 ansi-bold', ' green: ansi-10']);
  });

  it('P-05j take the nearest colour of the theme for one of 256 or of 16 million', () => {
    assert.deepEqual(read(`${esc}[38;5;9mx${esc}[38;5;196my${esc}[38;2;20;20;250mz`), [
      'x: ansi-9',
      'y: ansi-1',
      'z: ansi-4',
    ]);
    assert.deepEqual(read(`${esc}[38:5:9mx`), ['x: ansi-9']);
  });

  it('P-05j are read with colons as with semicolons', () => {
    const classesOf = (parameters: string) =>
      splitAnsi(`\u001b[${parameters}mtext`).marks.map(({ classes }) => classes);
    const orange = classesOf('38;2;255;100;0');
    assert.equal(orange.length, 1);
    for (const parameters of ['38:2::255:100:0', '38:2:255:100:0', '38:2:1:255:100:0']) {
      assert.deepEqual(classesOf(parameters), orange, parameters);
    }
    assert.deepEqual(classesOf('38:5:9'), classesOf('38;5;9'));
    assert.deepEqual(classesOf('31;4:3'), ['ansi-1 ansi-underline']);
    assert.deepEqual(classesOf('4;4:0'), []);
    assert.deepEqual(classesOf('58;5;9'), []);
    assert.deepEqual(classesOf('58:2::1:2:3;31'), ['ansi-1']);
  });

  it('P-05j let a coloured ground choose the text that can be read on it', () => {
    assert.deepEqual(read(`${esc}[31;44mx`), ['x: ansi-on-4']);
    assert.deepEqual(read(`${esc}[7mx`), ['x: ansi-on-fore']);
    assert.deepEqual(read(`${esc}[7;32mx`), ['x: ansi-on-2']);
  });

  it('P-05j do nothing where they are no colours', () => {
    const inert = [
      `${esc}[2J`,
      `${esc}[1;1H`,
      `${esc}]0;a title\u0007`,
      `${esc}]8;;https://evil.example${esc}\\`,
      `${esc}]52;c;ZXZpbA==\u0007`,
      `${esc}P+q544e${esc}\\`,
      `${esc}c`,
      `${esc}(B`,
      `${esc}[?1049h`,
    ];
    for (const sequence of inert) {
      assert.deepEqual(splitAnsi(`a${sequence}b`), { text: 'ab', marks: [] }, JSON.stringify(sequence));
    }
  });

  it('P-05j lose no more than what begins them where they have no end', () => {
    assert.equal(splitAnsi(`a${esc}]8;;https://x and the rest`).text, 'a8;;https://x and the rest');
    assert.equal(splitAnsi(`a${esc}[3`).text, 'a3');
    assert.deepEqual(read(`${esc}[31ma${esc}]0;b${esc}[0mc`), ['a: ansi-1', '0;b: ansi-1']);
  });

  it('never hide text with "hidden" or "blinking"', () => {
    assert.deepEqual(read(`${esc}[8;5mstill here`), []);
    assert.equal(splitAnsi(`${esc}[8;5mstill here`).text, 'still here');
  });

  it('give the same text with and without marks, the one that the daemon looks in, and marks inside of it', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '[31m',
        '[0m',
        '[38;5;',
        '[48;2;1;2;3m',
        ']0;',
        'P',
        '(',
        '\n',
        '\u0007',
        '\u001b',
        '\\',
        '[7m',
        'm',
      ),
    );
    fc.assert(
      fc.property(fc.array(part.map(text => text)), parts => {
        const text = parts.join(esc);
        const { text: shown, marks } = splitAnsi(text);
        assert.equal(shown, removeEscapes(text));
        assert.equal(shown, stripEscapeSequences(text));
        let at = 0;
        for (const { from, to } of marks) {
          assert.ok(from >= at && to > from && to <= shown.length);
          at = to;
        }
      }),
    );
  });

  it('are found in a line of a million characters in an instant', () => {
    const text = `${esc}]`.repeat(300_000) + `${esc}[1`.repeat(100_000);
    const spent = measureProcessorTime(() => removeEscapes(text));
    assert.ok(spent < 2_000, `${spent} ms`);
  });
});
