import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildReadable } from '../../../daemon/protocol/readableJson.ts';

function read(text: string): string | undefined {
  return buildReadable(text)
    ?.map(part => part.text)
    .join('');
}

describe('a line of JSON', () => {
  it('P-05k reads as level, time, message and the rest', () => {
    assert.equal(
      read('{"time":"2026-11-23T14:02:07Z","level":"warn","msg":"slow query","ms":1204,"query":"a b"}'),
      'WARN  2026-11-23T14:02:07Z slow query ms=1204 query="a b"',
    );
  });

  it('P-05k knows the names that other libraries use', () => {
    assert.equal(read('{"severity":"ERROR","message":"no","@timestamp":"t1"}'), 'ERROR t1 no');
    assert.equal(read('{"level":30,"time":1764000000000,"msg":"hello"}'), 'INFO  1764000000000 hello');
  });

  it('P-05k keeps the letters of each value, so that nothing is rounded, sorted or lost', () => {
    assert.equal(
      read('{"msg":"x","id":12345678901234567890,"2":"b","1":"a","2":1.10,"o":{"b": [1, "}"],"a":null}}'),
      'x id=12345678901234567890 2=b 1=a 2=1.10 o={"b": [1, "}"],"a":null}',
    );
  });

  it('P-05k stays one row, whatever a message holds', () => {
    assert.equal(read('{"msg":"first\\nsecond\\tthird","k\\n":"v"}'), 'first\\nsecond\tthird k\\n=v');
  });

  it('P-05k stays one row and without escape sequences, whatever its time and message hold', () => {
    assert.equal(read('{"time":"a\\nb","msg":"\\u001b[31mred\\u001b[0m done"}'), 'a\\nb red done');
  });

  it('is left alone where it is something else', () => {
    for (const text of [
      'plain',
      '{not json}',
      '{"a":1',
      '{"a":1} tail',
      '[1]',
      '{}',
      '{"a":}',
      '{"a" 1}',
      '{"a":1,}',
    ]) {
      assert.equal(read(text), undefined, text);
    }
  });

  it('P-05k shows every key of any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 }), object => {
        const shown = read(JSON.stringify(object));
        assert.ok(shown !== undefined, JSON.stringify(object));
        assert.ok(!/[\n\r]/.test(shown));
      }),
    );
  });
});
