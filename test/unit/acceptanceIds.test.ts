import assert from 'node:assert/strict';
import { buildUnknown, buildUnproven, parseClauses } from '../acceptanceIds.ts';

describe('the list of acceptance ids', () => {
  const clauses = parseClauses('**L-03**\n- L-03a Runs every layer\n- L-03b Ends with the ids\n');

  it('L-03a names a clause that no test proves', () => {
    assert.deepEqual(buildUnproven(clauses, [{ title: 'L-03a it runs', state: 'passed' }]), ['L-03b']);
  });

  it('does not take a failed or a skipped test for a proof', () => {
    const records = [
      { title: 'L-03a it runs', state: 'failed' },
      { title: 'L-03b it ends', state: 'skipped' },
    ] as const;
    assert.deepEqual(buildUnproven(clauses, records), ['L-03a', 'L-03b']);
  });

  it('says which ids in test titles are unknown', () => {
    assert.deepEqual(buildUnknown(clauses, [{ title: 'L-99z nothing', state: 'passed' }]), ['L-99z']);
  });

  it('refuses an id that stands twice', () => {
    assert.throws(() => parseClauses('- L-03a One\n- L-03a Two\n'), /L-03a twice/);
  });
});
