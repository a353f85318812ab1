import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildShownText, buildWritten } from '../../../../webview/logs/document/shownText.ts';
import { writeEntry } from '../../../builders/generatedLog.ts';

/** What is marked of a line where something is found in what the container wrote. */
function findShown(line: string, written: string): readonly string[] | undefined {
  const row = writeEntry({ sequence: 1, text: line });
  const shown = buildShownText(row, { readable: true });
  const found = buildWritten(row, { readable: true });
  const from = found?.text.indexOf(written) ?? -1;
  assert.ok(!found || from >= 0, `${written} is in ${found?.text}`);
  return found
    ?.toShown({ from, to: from + written.length })
    .map(({ from: start, to }) => shown.slice(start, to));
}

describe('what is written of a line that is shown in another form', () => {
  const line = '{"ts":"t1", "level":"error", "tries" : 3, "msg":"no \\"answer\\"", "to":{"host":"q"}}';

  it('P-05h stands in what is shown where its part does', () => {
    assert.deepEqual(findShown(line, '"tries" : 3'), ['tries=', '3']);
    assert.deepEqual(findShown(line, '"level":"err'), ['ERROR']);
    assert.deepEqual(findShown(line, 'no \\"ans'), ['no "answer"']);
    assert.deepEqual(findShown(line, '{"host":'), ['{"host":"q"}']);
    assert.deepEqual(findShown(line, '3, "msg"'), ['no "answer"', '3']);
  });

  it('P-05h is nowhere else where both are the same', () => {
    assert.equal(findShown('plain text', 'plain'), undefined);
    const row = writeEntry({ sequence: 1, text: line });
    assert.equal(buildWritten(row, { readable: false }), undefined);
    assert.equal(
      buildWritten(writeEntry({ kind: 'T', sequence: 1, text: line }), { readable: true }),
      undefined,
    );
  });

  it('P-05h marks something of every key and value of any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.integer(), { minKeys: 1 }), object => {
        for (const [key, value] of Object.entries(object)) {
          const shown = findShown(JSON.stringify(object), `${JSON.stringify(key)}:${value}`);
          assert.ok(shown && shown.length > 0);
        }
      }),
    );
  });
});
