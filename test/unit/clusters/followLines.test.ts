import assert from 'node:assert/strict';
import fc from 'fast-check';
import { followLines } from '../../../daemon/clusters/followLines.ts';

async function* stream(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function read(chunks: readonly Uint8Array[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of followLines(stream(chunks), () => undefined)) {
    lines.push(line);
  }
  return lines;
}

describe('the lines of a stream', () => {
  it('are the same however the bytes are cut', async () => {
    const lines = fc.array(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter(text => !text.includes('\n')),
    );
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(40)), async (expected, cuts) => {
        let rest: Uint8Array = Buffer.from(expected.map(line => `${line}\n`).join(''));
        const chunks: Uint8Array[] = [];
        for (const cut of cuts) {
          chunks.push(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        assert.deepEqual(await read([...chunks, rest]), expected);
      }),
    );
  });

  it('do not hold one that was cut in the middle', async () => {
    assert.deepEqual(await read([Buffer.from('{"a":1}\n{"b"')]), ['{"a":1}']);
  });

  it('hear of every chunk, also of one without a line', async () => {
    let chunks = 0;
    for await (const _line of followLines(stream([Buffer.from('a'), Buffer.from('b')]), () => chunks++)) {
      assert.fail('there is no whole line');
    }
    assert.equal(chunks, 2);
  });

  it('have a longest length, so that memory stays small', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'a');
    await assert.rejects(read(Array.from({ length: 18 }, () => piece)), /longer than/);
  });
});
