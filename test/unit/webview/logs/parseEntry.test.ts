import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseEntry, splitBatch } from '../../../../webview/logs/document/parseEntry.ts';

describe('an entry of a log, as it travels', () => {
  it('is taken apart', () => {
    assert.deepEqual(parseEntry('T 1 1234 7 90000 2026-11-23T14:02:07.123456789Z ERROR  two spaces '), {
      kind: 'cut',
      severity: 'error',
      sequence: 1234,
      source: 7,
      length: 90_000,
      time: '2026-11-23T14:02:07.123456789Z',
      text: 'ERROR  two spaces ',
    });
  });

  it('may have no text, no source and no time', () => {
    const gap = parseEntry('G 6 3 -1 0  ');
    assert.deepEqual([gap.kind, gap.source, gap.time, gap.text], ['gap', -1, '', '']);
    assert.equal(parseEntry('L 6 3 0 0 2026-11-23T14:02:07Z').text, '');
  });

  it('keeps every text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const one = text.replaceAll('\n', '');
        assert.equal(parseEntry(`L 3 5 0 ${one.length} 2026-11-23T14:02:07Z ${one}`).text, one);
      }),
      { numRuns: 50 },
    );
  });

  it('is one of a batch, which ends where its count says', () => {
    assert.deepEqual(splitBatch({ text: 'a\nb\n', count: 2 }), ['a', 'b']);
    assert.deepEqual(splitBatch({ text: 'a\n', count: 2 }), ['a', '']);
    assert.deepEqual(splitBatch({ text: '', count: 0 }), []);
    assert.deepEqual(splitBatch({ text: '', count: 1 }), ['']);
  });
});
