import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineSplitter, sliceLines } from '../../../daemon/clusters/logLines.ts';

function split(chunks: readonly Buffer[], longest?: number) {
  const lines: string[] = [];
  const leftOut: number[] = [];
  const splitter = new LineSplitter(longest);
  for (const chunk of chunks) {
    splitter.push(chunk, ({ bytes, ends }, left) => {
      let start = 0;
      for (const end of ends) {
        lines.push(bytes.toString('latin1', start, end - 1));
        start = end;
      }
      leftOut.push(left);
    });
  }
  return { lines, leftOut: leftOut.filter(left => left > 0), splitter };
}

describe('the bytes of a log', () => {
  it('are the same lines however they are cut, also the empty ones', () => {
    const lines = fc.array(fc.string({ unit: 'binary-ascii' }).map(text => text.replaceAll('\n', '')));
    fc.assert(
      fc.property(lines, fc.array(fc.nat(40)), (expected, cuts) => {
        let rest = Buffer.from(expected.map(line => `${line}\n`).join(''), 'latin1');
        const chunks: Buffer[] = [];
        for (const cut of cuts) {
          chunks.push(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        assert.deepEqual(split([...chunks, rest]).lines, expected);
      }),
    );
  });

  it('P-07o hold a line of a megabyte that comes in small pieces without copying it again and again', () => {
    const piece = Buffer.alloc(1_000, 'a');
    const begun = performance.now();
    const { lines } = split([...Array.from({ length: 4_000 }, () => piece), Buffer.from('\n')]);
    assert.equal(lines[0]?.length, 4_000_000);
    assert.ok(performance.now() - begun < 500, `${performance.now() - begun} ms`);
  });

  it('P-07r keep the beginning of a line that is too long, and count what is left out', () => {
    const { lines, leftOut } = split([Buffer.from('x\n'), Buffer.alloc(70, 'a'), Buffer.from('bc\nd\n')], 50);
    assert.deepEqual(lines, ['x', 'a'.repeat(50), 'd']);
    assert.deepEqual(leftOut, [22]);
  });

  it('can be taken in part', () => {
    const lines = { bytes: Buffer.from('a\nbb\nccc\n'), ends: [2, 5, 9] };
    const slice = sliceLines(lines, 1, 3);
    assert.equal(slice.bytes.toString(), 'bb\nccc\n');
    assert.deepEqual(slice.ends, [3, 7]);
  });
});
