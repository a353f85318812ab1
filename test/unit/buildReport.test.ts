import assert from 'node:assert/strict';
import { parseClauses } from '../acceptanceIds.ts';
import { buildReport, readLayerState } from '../buildReport.ts';
import { skippedExitCode } from '../layers.ts';
import { buildReason } from '../testRecord.ts';

const clauses = parseClauses('- P-12a It runs there\n- P-12b It is said to be skipped\n');

describe('the end of a test run', () => {
  it('P-12b says that a layer was skipped which cannot run here, and why, and counts it as no pass', () => {
    const { lines, ok } = buildReport({
      outcomes: [
        { name: 'unit', state: 'passed', seconds: 4 },
        { name: 'electron', state: readLayerState(skippedExitCode), seconds: 1 },
      ],
      records: [
        { title: 'adds up', state: 'passed' },
        { title: 'P-12a runs there: VS Code cannot be downloaded here', state: 'skipped' },
      ],
      clauses,
    });
    assert.deepEqual(lines, [
      'passed  unit  4 s',
      'skipped electron  1 s',
      'skipped P-12a runs there: VS Code cannot be downloaded here',
      'Acceptance ids without a passing test (2 of 2): P-12a P-12b',
      '2 passed, 0 failed',
    ]);
    assert.equal(ok, true);
  });

  it('P-12b is no success where everything was skipped', () => {
    const outcomes = [{ name: 'electron', state: 'skipped', seconds: 1 }] as const;
    assert.equal(buildReport({ outcomes, records: [], clauses }).ok, false);
  });

  it('L-03a is a failure when a layer or a test failed', () => {
    for (const [code, state] of [
      [1, 'failed'],
      [null, 'failed'],
      [0, 'passed'],
    ] as const) {
      assert.equal(readLayerState(code), state);
    }
    const outcomes = [{ name: 'unit', state: 'failed', seconds: 1 }] as const;
    const { lines, ok } = buildReport({
      outcomes,
      records: [{ title: 'adds up', state: 'failed' }],
      clauses,
    });
    assert.equal(ok, false);
    assert.deepEqual(lines.slice(0, 2), ['FAILED  unit  1 s', 'FAILED  adds up']);
    assert.equal(lines.at(-1), '0 passed, 1 failed');
  });

  it('says beside a failed test why it failed, and after how long', () => {
    const reason = buildReason('Expected values to be equal:\n\n1 !== 2\n', 61_400);
    const { lines } = buildReport({
      outcomes: [],
      records: [{ title: 'adds up', state: 'failed', reason }],
      clauses,
    });
    assert.deepEqual(lines.slice(0, 5), [
      'FAILED  adds up',
      '        Expected values to be equal:',
      '        ',
      '        1 !== 2',
      '        after 61 s',
    ]);
  });

  it('cuts what a failure says after twelve lines', () => {
    const lines = buildReason('a line\n'.repeat(500)).split('\n');
    assert.deepEqual([lines.length, lines.at(-1)], [13, '...']);
  });
});
