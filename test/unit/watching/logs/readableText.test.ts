import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildReadable } from '../../../../daemon/protocol/readableJson.ts';
import { ReadableText } from '../../../../daemon/watching/logs/readableText.ts';
import { measureProcessorTime } from '../../../builders/measureProcessorTime.ts';

const longest = 8_192;
const readable = new ReadableText(longest);

function readPlainly(text: string): string | undefined {
  return buildReadable(text)
    ?.map(part => part.text)
    .join('');
}

const keys = fc.oneof(
  fc.constantFrom('level', 'LEVEL', 'msg', 'Message', 'ts', '@timestamp', 't', 'log.level', '', 'a b', 'ü'),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const values = fc.oneof(
  fc.constantFrom(
    'info',
    30,
    'a=b',
    'a b',
    'a\u00a0b',
    'schlüssel',
    '\u{1f600}',
    'a\nb',
    'a"b',
    '\u2028',
    '',
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
);
const object = fc.array(fc.tuple(keys, values), { minLength: 1, maxLength: 8 });
const spaces = fc.constantFrom('', '', '', ' ', '\t', '\u00a0', '\r');
/** Objects as programs write them, with keys given twice and spaces between. */
const written = fc
  .tuple(object, spaces, spaces)
  .map(
    ([pairs, one, other]) =>
      `{${pairs.map(([key, value]) => `${one}${JSON.stringify(key)}${other}:${one}${JSON.stringify(value)}${other}`).join(',')}}${one}`,
  );

describe('the text of a readable line', () => {
  it('P-05h is what the page shows of any object', () => {
    fc.assert(
      fc.property(written, text => assert.equal(readable.read(text), readPlainly(text))),
      { numRuns: 3_000 },
    );
  });

  it('P-05h is what the page shows of what is nearly an object', () => {
    const change = fc.tuple(
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.oneof(
        fc.constantFrom('"', '\\', '{', '}', ']', ',', ':', '\0', '\ud800', '1e', 'tru'),
        fc.string({ unit: 'binary' }),
      ),
    );
    fc.assert(
      fc.property(written, change, (text, [at, removed, added]) => {
        const from = at % text.length;
        const changed = text.slice(0, from) + added + text.slice(from + removed);
        assert.equal(readable.read(changed), readPlainly(changed));
      }),
      { numRuns: 5_000 },
    );
  });

  it('P-05h costs less than half of what the parts cost, for the lines that most programs write', () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, id) =>
        `{"level":30,"time":1764000000${id},"msg":"done in ${id} ms","host":"agent-7d","id":"r-${id}"}`,
    );
    const measure = (read: (text: string) => unknown) => {
      const times = Array.from({ length: 5 }, () => measureProcessorTime(() => lines.forEach(read)));
      return Math.min(...times);
    };
    const [plain, quick] = [measure(readPlainly), measure(line => readable.read(line))];
    assert.ok(quick < plain / 2, `${quick} ms for ${plain} ms`);
  });

  it('keeps nothing of the line before it', () => {
    assert.equal(readable.read('{"msg":"a long one","id":"abcdefgh"}'), 'a long one id=abcdefgh');
    assert.equal(readable.read('{"id":1}'), 'id=1');
    assert.equal(readable.read('{"id":"'), undefined);
  });

  it('is none of a line that is too long', () => {
    const line = (length: number) => `{"ü":"${'ü'.repeat(length - 8)}"}`;
    assert.equal(readable.read(line(longest)), `ü=${'ü'.repeat(longest - 8)}`);
    assert.equal(readable.read(line(longest + 1)), undefined);
  });
});
